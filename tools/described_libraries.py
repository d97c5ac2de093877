"""What to read of which distribution, for the tables of removed names, and what was written of it by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Library:
    """What to read of a distribution. ``oldest`` is the first release to look at.

    Of ``internal`` modules only losses are kept, ``skipped`` ones are not looked at. The classes in ``trusted`` have
    a ``__getattr__`` or are written to from elsewhere, and yet their losses are what the text shows.
    """

    packages: tuple[str, ...]
    oldest: str = "0"
    internal: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    trusted: frozenset[str] = frozenset()
    corrections: Mapping[str, str] = field(default_factory=dict)
    """The history of members of those classes that were written from elsewhere, from the release notes."""
    decorated: frozenset[str] = frozenset()
    """Classes whose decorators change what they take."""
    computed: Mapping[str, str] = field(default_factory=dict)
    """What modules bind in loops, in any release: from the documentation."""
    older: str = ""
    """Releases before those that are read, of which nothing more is known."""
    every: int = 1
    """Which minor releases are read, counted from the newest, where there are a hundred."""
    mac: bool = False
    """Whether the wheels for that system are fetched, where those for Linux hold gigabytes of something else."""
    twice: bool = False
    """Whether what packages give is also imported from where it is defined."""
    pieces: bool = False
    """Whether only the Python files are fetched, where they are little of the wheel."""
    layout: Mapping[str, str] = field(default_factory=dict)
    """Packages whose files, or what they hold, pass for another package."""
    settled: tuple[str, ...] = ()
    """Classes that set attributes by name, but none that their text does not show."""
    hidden: tuple[str, ...] = ()
    """Modules that are public by their names only."""
    written: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """What the text does not show, from the release notes: for containers, names by their history."""


# https://numpy.org/doc/1.26/reference/arrays.scalars.html, also those of other platforms and the old capitalised ones.
_NUMPY_SCALARS = """
    bool_ bool8 byte bytes_ bytes0 cdouble cfloat character clongdouble clongfloat complex_ complex64 complex128
    complex192 complex256 complexfloating csingle datetime64 double flexible float_ float16 float32 float64 float96
    float128 floating generic half inexact int_ int0 int8 int16 int32 int64 int128 intc integer intp longcomplex
    longdouble longfloat longlong number object_ object0 short signedinteger single singlecomplex str_ str0 string_
    timedelta64 ubyte uint uint0 uint8 uint16 uint32 uint64 uint128 uintc uintp ulonglong unicode_ unicode0
    unsignedinteger ushort void void0 long ulong ScalarType
    Bool Complex Complex32 Complex64 Complex128 Complex256 Datetime64 Float Float16 Float32 Float64 Float128 Int Int8
    Int16 Int32 Int64 Object0 String String0 Timedelta64 UInt8 UInt16 UInt32 UInt64 Unicode Unicode0 UnsignedInteger
"""
# https://matplotlib.org/stable/gallery/color/colormap_reference.html and, at the end, those that are gone.
_COLORMAPS = """
    Accent Blues BrBG BuGn BuPu CMRmap Dark2 GnBu Grays Greens Greys OrRd Oranges PRGn Paired Pastel1 Pastel2 PiYG PuBu
    PuBuGn PuOr PuRd Purples RdBu RdGy RdPu RdYlBu RdYlGn Reds Set1 Set2 Set3 Spectral Wistia YlGn YlGnBu YlOrBr YlOrRd
    afmhot autumn berlin binary bone brg bwr cividis cool coolwarm copper cubehelix flag gist_earth gist_gray gist_grey
    gist_heat gist_ncar gist_rainbow gist_stern gist_yarg gist_yerg gnuplot gnuplot2 gray grey hot hsv inferno jet magma
    managua nipy_spectral ocean pink plasma prism rainbow seismic spring summer tab10 tab20 tab20b tab20c terrain turbo
    twilight twilight_shifted vanimo viridis winter spectral Vega10 Vega20 Vega20b Vega20c
"""
# What they inherit is scikit-learn's: https://imbalanced-learn.org/stable/whats_new.html
_SAMPLERS = """
    combine.SMOTEENN combine.SMOTETomek over_sampling.ADASYN over_sampling.BorderlineSMOTE over_sampling.KMeansSMOTE
    over_sampling.RandomOverSampler over_sampling.SMOTE over_sampling.SMOTENC over_sampling.SVMSMOTE
    under_sampling.AllKNN under_sampling.ClusterCentroids under_sampling.CondensedNearestNeighbour
    under_sampling.EditedNearestNeighbours under_sampling.InstanceHardnessThreshold under_sampling.NearMiss
    under_sampling.NeighbourhoodCleaningRule under_sampling.OneSidedSelection under_sampling.RandomUnderSampler
    under_sampling.TomekLinks
""".split()
_IMBALANCED = {f"imblearn.{name}": {"-0.8": "fit_sample"} for name in _SAMPLERS} | {
    f"imblearn.{name}()": {"-0.6": "ratio"} for name in _SAMPLERS
}
LIBRARIES: Mapping[str, Library] = {
    "numpy": Library(
        ("numpy",),
        "1.10",
        ("numpy.core", "numpy.lib", "numpy.f2py", "numpy.ma"),
        skipped=("numpy.distutils",),  # in wheels for older versions of Python only
        computed={"numpy.core.numerictypes": _NUMPY_SCALARS},
    ),
    "pandas": Library(
        ("pandas",),
        internal=("pandas.core", "pandas.util", "pandas.io", "pandas.compat", "pandas.tseries", "pandas.plotting"),
        trusted=frozenset({"pandas.DataFrame", "pandas.Series", "pandas.Index", "pandas.Panel"}),
        corrections={"ix": "-1.0"},
    ),
    "scikit-learn": Library(
        ("sklearn",),
        internal=("sklearn.externals", "sklearn.utils"),
        settled=(
            *("sklearn.base.BaseEstimator", "sklearn.utils._set_output._SetOutputMixin"),
            *("sklearn.utils._metadata_requests._MetadataRequester", "sklearn.base._HTMLDocumentationLinkMixin"),
            *("sklearn.utils._estimator_html_repr._HTMLDocumentationLinkMixin", "sklearn.base.ReprHTMLMixin"),
            *(
                "sklearn.utils._repr_html.base.ReprHTMLMixin",
                "sklearn.utils._repr_html.base._HTMLDocumentationLinkMixin",
            ),
        ),
        skipped=("sklearn.externals.array_api_compat", "sklearn.externals.array_api_extra"),
    ),
    "matplotlib": Library(
        ("matplotlib", "pylab", "mpl_toolkits"),
        skipped=("matplotlib.backends", "matplotlib.rcsetup"),  # bind names through decorators and loops
        computed={"matplotlib.cm": _COLORMAPS},
        # It takes any keyword, and hands it on: https://matplotlib.org/3.2.0/api/api_changes.html
        written={"matplotlib.pyplot.hist()": {"-3.2": "normed"}},
        decorated=frozenset({"matplotlib.colors.SymLogNorm"}),
    ),
    "scipy": Library(("scipy",), "0.16"),
    "seaborn": Library(("seaborn",), skipped=("seaborn.external",)),
    "networkx": Library(
        ("networkx",),
        internal=("networkx.",),
        skipped=("networkx.utils.configs",),
        trusted=frozenset({"networkx.Graph", "networkx.DiGraph", "networkx.MultiGraph"}),
    ),
    "statsmodels": Library(
        ("statsmodels",),
        internal=("statsmodels.",),
        # Only its constructors fail: https://www.statsmodels.org/stable/release/version0.13.html
        written={"statsmodels.tsa.arima_model": {"-0.13": "ARIMA ARIMAResults ARMA ARMAResults"}},
    ),
    "sympy": Library(("sympy",), internal=("sympy.",), skipped=("sympy.integrals.rubi", "sympy.sets.handlers")),
    "ipython": Library(("IPython",), "5.0", internal=("IPython.",), every=5),
    "keras": Library(
        ("keras",),
        internal=("keras.backend", "keras.saving", "keras.engine", "keras.utils", "keras.applications", "keras.legacy"),
        skipped=("keras.src", "keras.api"),
    ),
    "pillow": Library(("PIL",)),
    "geopandas": Library(("geopandas",)),
    "shapely": Library(("shapely",)),
    "tensorflow": Library(
        ("tensorflow",),
        "1.12",
        pieces=True,
        older="1.4 1.5 1.6 1.7 1.8 1.9 1.10 1.11",
        layout={
            "tensorflow_core": "tensorflow",
            "tensorflow._api.v1": "tensorflow",
            "tensorflow._api.v2": "tensorflow",
        },
        hidden=(
            *("tensorflow._api", "tensorflow.python", "tensorflow.core", "tensorflow.compiler", "tensorflow.contrib"),
            *("tensorflow.tools", "tensorflow.security", "tensorflow.tsl", "tensorflow.distribute.experimental.rpc"),
            *("tensorflow.compat.v2", "tensorflow.compat.v1", "tensorflow.raw_ops", "tensorflow.v1", "tensorflow.v2"),
            *("tensorflow.lite.python", "tensorflow.lite.toco", "tensorflow.lite.tools", "tensorflow.dtensor"),
            *("tensorflow.include", "tensorflow.examples", "tensorflow.keras", "tensorflow.estimator"),
        ),
        # What its __init__ binds besides: https://www.tensorflow.org/api_docs/python/tf, and releases/tag/v2.16.1.
        computed={"tensorflow": "keras losses metrics optimizers initializers estimator lite python core"},
        written={"tensorflow": {"-2.0": "contrib", "-2.16": "estimator"}},
    ),
    "torch": Library(
        ("torch",),
        pieces=True,
        decorated=frozenset({"torch.nn.parallel.DistributedDataParallelCPU"}),
        # They only raise a RuntimeError: torch/_linalg_utils.py
        written={"torch": {"-1.12": "solve", "-1.13": "eig lstsq matrix_rank", "-2.0": "symeig"}},
        internal=("torch.utils", "torch.cuda", "torch.autograd", "torch.nn.modules", "torch.optim."),
        hidden=(
            *("torch.ao", "torch.quantization", "torch.fx", "torch.distributed", "torch.onnx", "torch.export"),
            *(
                "torch.testing",
                "torch.package",
                "torch.compiler",
                "torch.lib",
                "torch.contrib",
                "torch.xpu",
                "torch.mtia",
            ),
            *("torch.nested", "torch.profiler", "torch.multiprocessing", "torch.overrides", "torch.accelerator"),
            *("torch.utils.benchmark", "torch.utils.hipify", "torch.utils.model_dump", "torch.utils.viz"),
            *("torch.nn.quantized", "torch.nn.intrinsic", "torch.nn.qat", "torch.nn.quantizable", "torch.nn.backends"),
            *(
                "torch.jit",
                "torch.csan",
                "torch.numa",
                "torch.ops",
                "torch.masked",
                "torch.monitor",
                "torch.futures",
                "torch.cuda.tunable",
                "torch.nativert",
            ),
        ),
    ),
    "gensim": Library(("gensim",), "3.2", twice=True, computed={"gensim.models.keyedvectors": "FastTextKeyedVectors"}),
    "nltk": Library(("nltk",), internal=("nltk.",)),
    "plotly": Library(
        ("plotly",),
        skipped=("plotly.graph_objs", "plotly.validators", "plotly.api"),
        decorated=frozenset({"plotly.figure_factory.create_ternary_contour"}),  # there are two
        # They only raise an ImportError: https://plotly.com/python/v4-migration/
        written={"plotly": {"-4.0": "config dashboard_objs grid_objs plotly presentation_objs session widgets"}},
    ),
    "bokeh": Library(("bokeh",), internal=("bokeh.",), skipped=("bokeh.core", "bokeh.server", "bokeh.command")),
    "torchvision": Library(("torchvision",)),
    "torchtext": Library(("torchtext",)),
    "xgboost": Library(("xgboost",), mac=True),
    "lightgbm": Library(("lightgbm",), mac=True),
    "pymc": Library(("pymc",), internal=("pymc.",)),
    "imbalanced-learn": Library(("imblearn",), written=_IMBALANCED),
    "scikit-image": Library(("skimage",)),
    "ipywidgets": Library(("ipywidgets",)),
    "xarray": Library(("xarray",), internal=("xarray.",)),
    "dask": Library(("dask",), internal=("dask.",)),
    "jinja2": Library(("jinja2",)),
    "markupsafe": Library(("markupsafe",)),
    "flask": Library(("flask",), skipped=("flask.cli",)),
}
