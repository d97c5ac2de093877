"""Lines with the names of credentials, or the looks of them, that hold none: written as people write them."""

from __future__ import annotations

import random

from benchmarks.secrets.providers import characters

PYTHON = """
password = os.environ["DB_PASSWORD"]
password = os.getenv("DB_PASSWORD", "")
password = getpass.getpass("Password: ")
password = input("Enter your password: ")
password = "<your password>"
password = "changeme"
password = "********"
password = "xxxxxxxx"
password = "your_password_here"
password = "${DB_PASSWORD}"
password = "{{ db_password }}"
password = "%s" % value
password = f"{user}-{suffix}"
password = config["password"]
password = None
password = ""
PASSWORD = "password"
password_label = "Password"
password_field = "user_password"
password_hint = "Name of your first pet"
PASSWORD_RESET_URL = "/accounts/password/reset/"
password_regex = r"^(?=.*[A-Z])(?=.*[0-9]).{8,}$"
error = "The password must be at least 12 characters long"
messages = {"password": "Please enter a password"}
schema = {"password": "string"}
form = {"password": {"type": "string", "minLength": 8}}
labels = {"password": "Kennwort", "username": "Benutzername"}
fields = ["username", "password", "token"]
parser.add_argument("--password", help="password of the database")
parser.add_argument("--api-key", default=None, help="your API key")
parser.add_argument("--token", default="", type=str)
api_key = os.environ.get("OPENAI_API_KEY")
api_key = os.environ["OPENAI_API_KEY"]
api_key = "YOUR_API_KEY"
api_key = "your-api-key-here"
api_key = "<API_KEY>"
api_key = "sk-..."
api_key = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
api_key = "INSERT_KEY_HERE"
api_key = "dummy"
api_key = "EMPTY"
api_key = "not-needed"
api_key = "test"
API_KEY_HEADER = "X-API-Key"
api_key_name = "OPENAI_API_KEY"
api_key_env = "ANTHROPIC_API_KEY"
api_key_url = "https://platform.openai.com/account/api-keys"
API_KEY_VARIABLE = "WANDB_API_KEY"
secret = read_secret("projects/demo/secrets/db")
secret_name = "prod/db/credentials"
secret_path = "/run/secrets/db_password"
secret_id = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db"
SECRET_KEY = os.environ["SECRET_KEY"]
SECRET_KEY = config("SECRET_KEY")
client_secret = settings.client_secret
client_secret_file = "client_secret.json"
CLIENT_SECRETS = "client_secrets.json"
private_key = open("key.pem").read()
private_key_path = "~/.ssh/id_rsa"
public_key = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7"
key = "user_id"
primary_key = "customer_id"
foreign_key = "orders.customer_id"
partition_key = "2020-01-01"
sort_key = "created_at"
cache_key = "user:42:profile"
key = "train/loss_epoch_1"
keys = ["a1", "b2", "c3"]
dict_key = "layer4.0.conv1.weight"
hotkey = "ctrl+shift+k"
shortcut_key = "F5"
s3_key = "data/2021/05/part-0001.parquet"
object_key = "models/v1/model.tar.gz"
key_prefix = "experiments/2024"
token = "<s>"
bos_token = "<|begin_of_text|>"
eos_token = "</s>"
pad_token = "[PAD]"
unk_token = "<unk>"
mask_token = "<mask>"
cls_token = "[CLS]"
sep_token = "[SEP]"
image_token = "<image>"
tokenizer = "bert-base-uncased"
tokenizer_name = "EleutherAI/gpt-neox-20b"
special_tokens = {"additional_special_tokens": ["<extra_id_0>", "<extra_id_1>"]}
special_tokens = {"pad_token": "<|endoftext|>", "eos_token": "<|im_end|>"}
tokens = ["the", "quick", "brown"]
token_type = "bearer"
token_url = "https://login.example.com/oauth2/token"
token_name = "HF_TOKEN"
token_field = "access_token"
token_pattern = r"(?u)\\b\\w\\w+\\b"
token_count = "1024"
next_token = "eyJsYXN0IjoxfQ"
next_page_token = "CAUQAA"
csrf_token = "{{ csrf_token() }}"
start_token = "START_OF_SEQUENCE_1"
end_token = "END_OF_SEQUENCE_2"
sentinel_token = "SENTINEL_TOKEN_42"
current_token = "foo123bar456"
token = tokens[0]
token = line.split()[1]
token = "NUMBER"
if token == "END":
if token.type == "NAME":
if key == "Escape":
if password == "":
if password != confirm_password:
auth = "basic"
auth = (user, password)
auth_method = "password"
auth_type = "service_principal"
auth_url = "https://auth.internal.net/oauth"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION = "ldap"
authorization = "Bearer " + token
headers = {"Authorization": f"Bearer {token}"}
headers = {"Authorization": "Bearer " + os.environ["TOKEN"]}
headers = {"Authorization": "Token <your token>"}
headers = {"X-Auth-Token": get_token()}
credentials = "credentials.json"
GOOGLE_APPLICATION_CREDENTIALS = "service-account.json"
pwd = os.getcwd()
pwd = "/home/anna/project"
passed = "test_one"
passport = "X1234567"
bypass = "cache-only"
compass = "north-west"
url = "postgresql://user:password@localhost/db"
url = "postgresql://localhost/db"
url = f"postgresql://{user}:{password}@{host}/db"
url = "postgresql://%s:%s@%s/db" % (user, password, host)
url = "postgresql://user:${DB_PASSWORD}@db/sales"
url = "mongodb://localhost:27017"
url = "redis://localhost:6379/0"
url = "https://github.com/owner/repo.git"
url = "git@github.com:owner/repo.git"
url = "https://example.com/path@version"
url = "https://example.com/?token=<token>"
url = "https://maps.example.com/js?key=YOUR_API_KEY"
connection = "Server=localhost;Database=demo;Trusted_Connection=yes;"
connection = f"DRIVER={driver};SERVER={server};UID={user};PWD={password}"
email = "anna@example.org"
image = "registry.internal.net/team/app@sha256:" + digest
model = "meta-llama/Llama-2-7b-chat-hf"
dataset = "openwebtext-10k_v2-2023_05_01"
run_id = "RUN_ID"
commit = "COMMIT"
sha256 = "SHA256"
checksum = "MD5"
revision = "COMMIT"
etag = "MD5"
known_hash = "sha256:SHA256"
integrity = "sha512-BASE64"
uuid = "UUID"
client_id = "UUID"
tenant_id = "UUID"
trace_id = "MD5"
experiment_id = "MD5"
tracking_uri = "runs:/MD5/model"
encoded = "BASE64"
image_data = "data:image/png;base64,BASE64"
color = "#a1b2c3"
vocabulary = {"token": 17, "password": 3}
df["password_hash"] = df["password"].apply(digest)
password_hash = "$2b$12$" + salt
encrypted_password = encrypt(password)
columns = {"token": "Token", "api_key": "API key"}
assert response.json()["detail"] == "Invalid password"
logger.info("Using api_key=%s", mask(api_key))
logging.debug("password: %r", password)
print("password: ", password)
sql = "SELECT password FROM users WHERE name = :name"
sql = "ALTER USER anna WITH PASSWORD :password"
html = '<input type="password" name="password" id="password">'
xpath = "//input[@name='password']"
driver.find_element(By.NAME, "password").send_keys(password)
driver.find_element_by_id("password")
user.set_password(password)
client.login(user, password)
wandb.login()
wandb.login(key=os.environ["WANDB_API_KEY"])
login(token=token)
openai.api_key = os.getenv("OPENAI_API_KEY")
genai.configure(api_key=userdata.get("GOOGLE_API_KEY"))
client = OpenAI(base_url="http://localhost:8000/v1", api_key="EMPTY")
client = OpenAI(api_key=api_key)
connect(password=password, token=token)
def connect(host, password=None, token=""):
def login(user: str, password: str = "") -> bool:
def call(api_key: str = Depends(header)):
token: str = Field(..., description="the token to use")
api_key: str = Field(default="", env="API_KEY")
password: SecretStr = SecretStr("")
grant_type = "client_credentials"
scope = "https://www.googleapis.com/auth/drive"
secret_santa = "anna-and-bob-2023"
secretary = "Mrs Miller"
keyboard = "qwerty-us-104"
monkey = "capuchin-42"
passenger = "Allen1912"
author = "anna2019"
cache_token = "static"
stop_token = "###"
sort_tokens = "ascending"
token_ids = "101,2023,102"
"""
CONFIGURATION = {
    "config.yml": """
password: ${DB_PASSWORD}
password: "{{ vault_db_password }}"
password: !vault secret
password: changeme
password: ""
password: null
secretName: db-credentials
secretKeyRef: {name: db, key: password}
api_key: <your key>
api_key: ${{ secrets.API_KEY }}
token: $CI_JOB_TOKEN
tokenizer: bert-base-uncased
pad_token: "[PAD]"
token_type: bearer
key: value-1
image: team/app@sha256:SHA256
revision: COMMIT
password_file: /run/secrets/db
""",
    ".env.example": """
DB_PASSWORD=
API_KEY=your-api-key
SECRET_KEY=change-me
""",
    "app.ini": """
password = %(DB_PASSWORD)s
password =
api_key = YOUR_API_KEY
""",
    "run.sh": """
export DB_PASSWORD="$1"
export API_KEY=$(pass show api)
curl -u "$USER:$PASSWORD" https://host
docker login -p "$TOKEN"
mysql -u root -p"$MYSQL_PASSWORD" sales
tool --token "$TOKEN" --password-file /run/secrets/db
read -s PASSWORD
""",
    "main.tf": """
password = var.db_password
password = random_password.db.result
secret_id = "projects/demo/secrets/db"
""",
    "config.js": """
const password = process.env.DB_PASSWORD;
const apiKey = process.env.API_KEY || "";
const tokenUrl = "https://login.internal.net/token";
const passwordLabel = "Password";
""",
}


def lines(source: random.Random) -> list[tuple[str, str]]:
    """Each line with the file it stands in; hashes and the like are made anew."""
    found = [("work.py", line) for line in PYTHON.strip().split("\n")]
    found += [(path, line) for path, text in CONFIGURATION.items() for line in text.strip().split("\n")]
    return [(path, _filled(line, source)) for path, line in found]


def _filled(line: str, source: random.Random) -> str:
    made = {
        "SHA256": characters("hex", 64, source),
        "COMMIT": characters("hex", 40, source),
        "MD5": characters("hex", 32, source),
        "RUN_ID": characters("base36", 8, source),
        "BASE64": characters("base64", 88, source),
        "UUID": "-".join(characters("hex", count, source) for count in (8, 4, 4, 4, 12)),
    }
    for name, value in made.items():
        for before, after in (('"', '"'), (":", ""), ("/", "/"), ("-", ""), (",", ""), (" ", "")):
            line = line.replace(f"{before}{name}{after}", f"{before}{value}{after}")
    return f"{line}\n    pass" if line.startswith(("if ", "def ")) and line.endswith(":") else line
