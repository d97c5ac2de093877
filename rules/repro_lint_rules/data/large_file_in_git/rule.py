"""A large data file is kept in git itself."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Field,
    Finding,
    Level,
    Outcome,
    Project,
    Related,
    Rule,
    RuleMeta,
    RuleOptions,
    Severity,
)

_SUFFIXES = frozenset(
    """
    csv tsv txt dat data json jsonl ndjson geojson xlsx xls xlsb ods parquet feather arrow orc avro h5 hdf hdf5 npy npz
    pkl pickle mat rda rds rdata sav dta sas7bdat zip gz tgz bz2 xz zst 7z rar tar pt pth ckpt onnx pb bin safetensors
    joblib model weights gguf tif tiff nc nc4 grib grib2 fits fa fasta fastq gff gtf bed vcf bam h5ad wav mp3 flac mp4
    avi mov db sqlite sqlite3 duckdb shp dbf gpkg kml arff pcap nii dcm las laz index tfrecord tfrecords msgpack sql log
    caffemodel keras tflite mlmodel bag edf root xml
    """.split()
)
_MEGABYTE = 1_000_000


class LargeFileInGit(Rule):
    """Looks at the sizes of tracked files with the suffix of data or of a model."""

    class Options(RuleOptions):
        """Options of the rule."""

        megabytes: float = Field(5.0, gt=0, description="Files of more megabytes than this are large")

    meta = RuleMeta(
        code="DAT001",
        name="large-file-in-git",
        family="data",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="A large data file is kept in git itself.",
        why="Every version of it stays in every clone for ever, and nobody can see what a change to it has changed.",
        help="keep it in Git LFS, in DVC or in an archive with a DOI, and fetch it from there",
    )

    def check(self, project: Project) -> Outcome:
        """One finding for each folder with large files, at the largest of them."""
        groups: dict[str, list[tuple[int, str]]] = {}
        for size, path in self._large(project):
            groups.setdefault(posixpath.dirname(path), []).append((size, path))
        for folder, files in groups.items():
            (size, path), *others = sorted(files, key=lambda file: (-file[0], file[1]))
            message = f"{size / _MEGABYTE:.1f} MB of data are kept in git"
            if others:
                total = sum(size for size, _ in files) / _MEGABYTE
                where = f"`{folder}`" if folder else "the root"
                message += f", and {total:.1f} MB in the {len(files)} large files of {where}"
            yield Finding(
                project.place(path),
                message,
                related=tuple(Related(project.place(other), f"{n / _MEGABYTE:.1f} MB") for n, other in others),
                subject=path,
            )

    def _large(self, project: Project) -> Iterator[tuple[int, str]]:
        """The tracked data files above the limit, with their sizes in bytes; a file of Git LFS is a short pointer."""
        limit = self.options.megabytes * _MEGABYTE
        for path in project.files:
            if path.rpartition(".")[2].lower() not in _SUFFIXES or not project.view.tracked(path):
                continue
            try:
                size = project.view.size(path)
            except OSError:
                continue
            if size > limit:
                yield size, path
