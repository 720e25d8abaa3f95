"""Phrases to avoid in the project's prose, and a check that finds them: `python docs/phrases.py`."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("docs", "pytest_ses", "tests", "examples", "benchmarks")
# Regular expressions, in which a space matches a line break too, and what to write instead.
PHRASES = {
    r'^r?"""[^\n"]*\?|^#+\s[^\n]*\?$': "a noun phrase or an imperative, not a question",
    r'^r?"""Let': "what it does, such as 'Simulate' or 'Return'",
    r"lets? (some|any|no)(body|one)": "what happens, such as 'Simulate an open'",
    r"a (?-i:mail)(?! (client|server))|mails": "'message', or 'email'",
    r"as ever": "'as usual', or 'unchanged'",
    r"in life": "'in SES'",
    r"one's own": "'your own', 'its own', or 'custom'",
    r"(his|her) own|he|him|his|she|her": "'it', 'its', 'they' or 'their'",
    r"of (ours|yours)": "'our' or 'your' before the noun",
    r"(that|which|who) (is|are|was|were) no (?!longer|more|less|fewer|better|worse)[\w`]+": "'is not a'",
    r"(that|which|who) (is|are|was|were) (?-i:none)": "'is not one', or 'does not exist'",
    r"neither(?=[.;:!?)])": "'not … either', or 'none of them'",
    r"(the how|so) manieth": "'nth'",
    r"(tells?|told|telling) of": "'describes', or 'is notified of'",
    r"(becomes?|became|comes?|came) of": "'happens to', or 'result'",
    r"whom (it|they|the \w+) (is|are|was|were) (about|for|from|to)": "'recipients', or 'sender'",
    r"without (a|another) word": "'by default'",
    r"fates?": "'outcome'",
    r"anew": "'again', or 'from the start'",
}
_BREAK = r"(?:[ \\t]+|[ \\t]*\\n[ \\t]*)"
_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
_CODE_BLOCK = re.compile(r"^[ \t]*(`{3,}|~{3,}).*?^[ \t]*\1[ \t]*$", re.MULTILINE | re.DOTALL)


def findings(path: Path) -> list[tuple[int, str, str]]:
    """The line, the phrase and what to write instead, for each phrase to avoid in a file."""
    text = path.read_text(encoding="utf-8")
    prose = _python(text) if path.suffix == ".py" else _CODE_BLOCK.sub(_comments, text)
    prose = re.sub(r"`[^`\n]+`", lambda code: "`" + "x" * (len(code[0]) - 2) + "`", prose)
    return sorted(
        (prose.count("\n", 0, match.start()) + 1, " ".join(match[0].split()), instead)
        for phrase, instead in PHRASES.items()
        for match in re.finditer(rf"(?im)(?<!\w)(?:{re.sub(' ', _BREAK, phrase)})(?!\w)", prose)
    )


def _python(text: str) -> str:
    """Docstrings and comments only; other strings may be texts of SES."""
    lines = text.split("\n")
    prose = [""] * len(lines)
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            prose[token.start[0] - 1] = token.string.lstrip("#: ")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, _DOCUMENTED) and ast.get_docstring(node) is not None:
            first, last = node.body[0].lineno - 1, node.body[0].end_lineno
            prose[first:last] = [line.strip() for line in lines[first:last]]
    return "\n".join(prose)


def _comments(block: re.Match[str]) -> str:
    return "\n".join(line.partition("# ")[2] for line in block[0].split("\n"))


def main() -> None:
    """Print each phrase to avoid, and exit with 1 if there is one."""
    paths = [*ROOT.glob("*.md"), *(path for name in FOLDERS for path in (ROOT / name).rglob("*.*"))]
    found = [
        f"{path.relative_to(ROOT).as_posix()}:{line}: {phrase!r}: write {instead}"
        for path in sorted(path for path in paths if path.suffix in {".md", ".py"})
        for line, phrase, instead in findings(path)
    ]
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
