"""README.txt inside every envelope: how to verify it with public tools, for a person who does not have this program."""

from typing import Final

from eduplan_desktop.bundle.manifest import Heading

_SEALED: Final = """\
5. 打开加密的部分(需要收件人的 age 密钥文件)/ open a sealed part (needs the recipient's age key):
     age -d -i key.txt -o p001.zip p001.age
     unzip -d p001 p001.zip
"""
_PLAIN: Final = """\
5. 各部分没有加密 / the parts are not sealed:
     unzip -d p001 p001.zip
"""
_TEXT: Final = """\
{title}
{rule}
这是一个签了名的数据文件。不用任何专门程序,也能核对和阅读:
This is a signed data file. It can be verified and read with public tools alone:

1. 解开 / unpack:
     unzip FILE
2. 核对签名 / verify the signature:
     minisign -V -H -p signer.pub -m manifest.json
   signer.pub 本身不证明身份:请把密钥指纹与盖章的纸对照。
   signer.pub alone proves no identity: compare the key's fingerprint with the stamped paper.
3. 文件摘要(印在封面上)/ the digest (printed on the cover page):
     sha256sum manifest.json
4. 各部分的摘要写在 manifest.json 的 parts 里 / digests of the parts are listed in manifest.json:
     sha256sum p*.{kind}
{opening}6. 表格是 UTF-8 编码的 CSV,列的含义见 datapackage.json。
   Tables are CSV in UTF-8; datapackage.json says what the columns mean.

格式说明:程序源代码的 docs/format.md。 Format: docs/format.md in the program's source.
"""


def readme(heading: Heading) -> bytes:
    """The text, UTF-8; it repeats only what the manifest says in clear."""
    sealed = heading.purpose != "kit"
    title = heading.comment
    return _TEXT.format(
        title=title, rule="=" * len(title), kind="age" if sealed else "zip", opening=_SEALED if sealed else _PLAIN
    ).encode("utf-8")
