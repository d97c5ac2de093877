"""Directories that exist on one machine, one cluster or one hosted platform only: the knowledge, as data."""

# repro-lint: file-ignore[absolute-path] the roots that the rule looks for

from __future__ import annotations

from enum import Enum

from repro_lint.api import dataclass


def words(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())


class Tier(Enum):
    """What kind of place a path begins at; the stronger the tier, the less else has to speak for a finding."""

    HOME = "home"
    DRIVE = "drive"
    HOSTED = "hosted"
    SHARED = "shared"
    DATA = "data"
    OTHER = "other"


@dataclass(frozen=True)
class Root:
    """A directory with what it ties the code to.

    ``ambiguous`` roots are also web routes, names in archives or directories of containers, so that a path below them
    must be used as a path. ``platform`` is the hosted service that provides the directory.
    """

    prefix: str
    tier: Tier
    where: str
    ambiguous: bool = False
    platform: str | None = None


# The longest prefix that fits is taken. Sources: the documentation of the platforms named; names of scratch and
# project file systems as computing centres document them.
ROOTS: tuple[Root, ...] = (
    Root("/content/drive", Tier.HOSTED, "Google Colab's mounted drive", platform="Google Colab"),
    Root("/content/gdrive", Tier.HOSTED, "Google Colab's mounted drive", platform="Google Colab"),
    Root("/gdrive", Tier.HOSTED, "Google Colab's mounted drive", True, "Google Colab"),
    Root("/content/sample_data", Tier.HOSTED, "Google Colab's sample data", platform="Google Colab"),
    Root("/content", Tier.HOSTED, "the working directory of Google Colab", True, "Google Colab"),
    Root("/kaggle/input", Tier.HOSTED, "Kaggle's input directory", platform="Kaggle"),
    Root("/kaggle/working", Tier.HOSTED, "Kaggle's working directory", platform="Kaggle"),
    Root("/kaggle/temp", Tier.HOSTED, "Kaggle's temporary directory", platform="Kaggle"),
    Root("/kaggle", Tier.HOSTED, "the file system of Kaggle's notebooks", True, "Kaggle"),
    Root("/dbfs", Tier.HOSTED, "the Databricks file system", platform="Databricks"),
    Root("dbfs:", Tier.HOSTED, "the Databricks file system", platform="Databricks"),
    Root("/databricks", Tier.HOSTED, "the driver node of Databricks", True, "Databricks"),
    Root("/Workspace", Tier.HOSTED, "a Databricks workspace", True, "Databricks"),
    Root("/opt/ml", Tier.HOSTED, "the container layout of Amazon SageMaker", platform="Amazon SageMaker"),
    Root("/home/ec2-user/SageMaker", Tier.HOSTED, "the disk of a SageMaker notebook", platform="Amazon SageMaker"),
    Root("/home/sagemaker-user", Tier.HOSTED, "the home directory in SageMaker Studio", platform="Amazon SageMaker"),
    Root("/home/studio-lab-user", Tier.HOSTED, "the home directory in SageMaker Studio Lab", platform="SageMaker Lab"),
    Root("/home/hadoop", Tier.HOSTED, "the home directory on Amazon EMR", True, "Amazon EMR"),
    Root("/home/jovyan", Tier.HOSTED, "the home directory of a Jupyter container", platform="Jupyter containers"),
    Root("/home/jupyter", Tier.HOSTED, "the home directory of a Vertex AI notebook", platform="Vertex AI"),
    Root("/home/vscode", Tier.HOSTED, "the home directory of a development container", platform="dev containers"),
    Root("/home/runner", Tier.HOSTED, "the home directory of a CI runner", platform="CI"),
    Root("/home/circleci", Tier.HOSTED, "the home directory of a CI runner", platform="CI"),
    Root("/home/travis", Tier.HOSTED, "the home directory of a CI runner", platform="CI"),
    Root("/home/model-server", Tier.HOSTED, "the home directory of a TorchServe container", True, "TorchServe"),
    Root("/mnt/models", Tier.HOSTED, "where KServe mounts models", True, "KServe"),
    Root("/teamspace", Tier.HOSTED, "a Lightning studio", platform="Lightning AI"),
    Root("/workspace", Tier.HOSTED, "the workspace of a container", True, "containers"),
    Root("/notebooks", Tier.HOSTED, "the disk of a Paperspace notebook", True, "Paperspace"),
    Root("/scratch", Tier.SHARED, "the scratch space of a cluster"),
    Root("/lscratch", Tier.SHARED, "the scratch space of a cluster node"),
    Root("/gpfs", Tier.SHARED, "the GPFS file system of a cluster"),
    Root("/lustre", Tier.SHARED, "the Lustre file system of a cluster"),
    Root("/beegfs", Tier.SHARED, "the BeeGFS file system of a cluster"),
    Root("/cephfs", Tier.SHARED, "the Ceph file system of a cluster"),
    Root("/nfs", Tier.SHARED, "a network file system"),
    Root("/afs", Tier.SHARED, "an AFS cell"),
    Root("/share", Tier.SHARED, "the shared disk of one cluster", True),
    Root("/hpc", Tier.SHARED, "the shared disk of one cluster", True),
    Root("/mnt", Tier.SHARED, "a disk mounted on one machine"),
    Root("/media", Tier.SHARED, "a disk mounted on one machine", True),
    Root("/Volumes", Tier.SHARED, "a volume mounted on one machine"),
    Root("/data", Tier.DATA, "the data disk of one machine", True),
    Root("/datasets", Tier.DATA, "the data disk of one machine", True),
    Root("/dataset", Tier.DATA, "the data disk of one machine", True),
)

# Directories that every system of a kind has, and those that images of containers are built around.
SYSTEM = words(
    "dev proc sys tmp var usr bin sbin etc lib lib32 lib64 opt run boot private System Library Applications "
    "snap nix app code src srv api v1 static assets"
)

# Accounts that images of machines come with.
ACCOUNTS = {
    **dict.fromkeys(("ubuntu", "ec2-user", "centos", "azureuser", "admin", "debian", "fedora"), "a cloud machine"),
    "vagrant": "a virtual machine",
    "pi": "a Raspberry Pi",
}

# Home directories of programs, at the same place on every machine that has them.
INSTALLED = words("linuxbrew")

# What is only found inside of containers, which their own scripts may rely on.
CONTAINERS = frozenset({"Jupyter containers", "dev containers", "containers", "CI", "TorchServe", "KServe"})

# Names that stand for "yours" in examples.
PLACEHOLDERS = words(
    "user username user_name user-name userid user_id user1 your you yourname your_name your-name yourusername "
    "your_username your-username me myname my_name my-name myuser myusername name someone somebody anyone xxx xx xy "
    "foo foobar bar baz home path to example default public shared guest usuario utilisateur benutzer "
    "user.name first.last firstname.lastname email yourself owner whoever abc xyz"
)
# Names of the persons in stories; real ones bear them too, so that what is below them is doubtful only.
STORIED = words("alice bob carol eve john jane doe johndoe jdoe janedoe jane_doe john_doe testuser test")

# Folders below a home directory where people keep things their own way.
PERSONAL = words(
    "desktop documents downloads dropbox onedrive projects project repos repositories github git dev develop "
    "developer development workspace work code src pycharmprojects ideaprojects"
)
