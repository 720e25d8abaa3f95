"""The MIME parts of a message as a tree."""

from __future__ import annotations

from pytest_ses.mailbox import parts

MIXED = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello\r\n"
    b"--b\r\nContent-Type: text/csv\r\nContent-Transfer-Encoding: base64\r\n"
    b'Content-Disposition: attachment; filename="=?utf-8?q?=C3=A5=2Ecsv?="\r\n\r\nYSxi\r\n--b--\r\n'
)


def test_tree():
    """Each part has its type, file name, charset, encoding and size."""
    tree = parts.tree(MIXED)
    text, table = tree.pop("parts")
    assert "multipart/mixed" == tree["content_type"]
    assert ("text/plain", "utf-8", 5) == (text["content_type"], text["charset"], text["size"])
    assert ("å.csv", "base64", 4) == (table["filename"], table["encoding"], table["size"])


def test_simple():
    """A message without parts is a tree of one."""
    tree = parts.tree(b"Subject: Hi\r\n\r\nHello")
    assert ("text/plain", 5, []) == (tree["content_type"], tree["size"], tree["parts"])


def test_nested_deeply():
    """Parts that are nested deeply are not listed."""
    raw = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(999)
    )
    tree, depth = parts.tree(raw), 0
    while tree["parts"]:
        (tree,) = tree["parts"]
        depth += 1
    assert 20 == depth


def test_malformed():
    """A message that cannot be parsed has no parts."""
    raw = MIXED.replace(b"Content-Type: text/csv", b"Content-Type: text/csv; charset*=\0''a")
    tree = parts.tree(raw)
    assert ("text/plain", len(raw), []) == (tree["content_type"], tree["size"], tree["parts"])
