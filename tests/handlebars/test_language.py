"""Language constructs, compared with handlebars.java.

All expected results were measured on handlebars.java 4.3.1, unless a test says otherwise.
"""

import pytest

from pytest_ses.handlebars import MissingAttribute, compile as compile_template, lexer, template

DATA = {
    "a": {"b": {"c": "C"}, "n": None, "l": [1, 2]},
    "l": [{"n": "q", "k": [1]}, {"n": "r"}],
    "s": "str",
    "x": 1,
    "z": 0,
    "n": "N",
    "t": True,
    "e": "",
    "o": {"k": "v", "@z": "Z", "p q": "PQ", "0": "zero"},
    "@y": "Y",
    "m": {"n": "M", "a": {"q": 1}},
    "w": "p",
    "tree": {"v": 1, "c": [{"v": 2, "c": []}, {"v": 3, "c": [{"v": 4, "c": []}]}]},
}


def render(source, data=DATA):
    return compile_template(source).render(data)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{./x}}{{this/x}}{{this.this.x}}", "111"),
        ("{{a.this.b.c}}", "C"),
        ("{{a.[b].c}}{{[a].b.c}}{{a/b/c}}", "CCC"),
        ("{{l.0.n}}{{l/1/n}}{{l.[0].n}}", "qrq"),
        ("{{l.length}}{{l.size}}{{s.length}}", "223"),
        ("{{o.0}}{{o.[0]}}{{o.[p q]}}{{o.@z}}", "zerozeroPQZ"),
        ("{{@y}}{{@x}}", "Y1"),
        ("{{x.}}{{x/}}", "11"),
        ("{{#with o}}{{#with k}}{{..}}{{/with}}{{/with}}", "{k=v, @z=Z, p q=PQ, 0=zero}"),
        ("{{#with m}}{{../n}}{{../../n}}{{/with}}", MissingAttribute("../../n")),
        ("{{#with m}}{{a.b.c}}{{/with}}", MissingAttribute("a.b.c")),
        ("{{#with m}}{{this.x}}{{/with}}", MissingAttribute("this.x")),
        ("{{#with m}}{{./x}}{{/with}}", MissingAttribute("./x")),
        ("{{#with a}}{{n}}{{/with}}", "N"),
        ("{{#with a}}{{#if n}}T{{/if}}{{/with}}", "T"),
        ("{{#with a}}{{#with b}}{{../../x}}{{../x}}{{/with}}{{/with}}", "11"),
        ("{{#with l}}{{length}}{{[0].n}}{{/with}}", "2q"),
        ("{{#if x}}{{../x}}{{/if}}", MissingAttribute("../x")),
        ("{{#each l}}{{#with this}}{{n}}{{../n}}{{/with}}{{/each}}", "qNrN"),
        ("{{a..b}}", MissingAttribute("a..b")),
        ("{{a/../x}}", MissingAttribute("a/../x")),
        ("{{a.../x}}", MissingAttribute("a.../x")),
        ("{{l.[5]}}", MissingAttribute("l.[5]")),
        ("{{l.-1}}", MissingAttribute("l.-1")),
        ("{{l.first}}", MissingAttribute("l.first")),
        ("{{l.9999999999999999999999}}", MissingAttribute("l.9999999999999999999999")),
        ("{{s.0}}", MissingAttribute("s.0")),
        ("{{x.y}}", MissingAttribute("x.y")),
        ("{{[this]}}", MissingAttribute("[this]")),
        ("{{@}}", MissingAttribute("@")),
        ("{{null}}", MissingAttribute("null")),
        ("{{true.x}}", MissingAttribute("true.x")),
        ("{{elsewhere}}", MissingAttribute("elsewhere")),
    ],
)
def test_paths(source, expected):
    """A path is resolved in its scope; its first name is also looked up in enclosing scopes."""
    check(source, expected)


def check(source, expected):
    if isinstance(expected, MissingAttribute):
        with pytest.raises(MissingAttribute) as caught:
            render(source)
        assert (expected.name, str(expected)) == (caught.value.name, str(caught.value))
    else:
        assert expected == render(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{#each l}}{{@root.x}}{{@index}}{{@index_1}};{{/each}}", "101;112;"),
        ("{{#each l}}{{@first}}{{@last}}{{@odd}}{{@even}};{{/each}}", "firsteven;lastodd;"),
        ("{{#each o}}{{@index}}{{@key}};{{/each}}", "0k;1@z;2p q;30;"),
        (
            "{{#each l}}{{#each k}}{{@../index}}{{@index}}{{../n}}{{../../x}}{{/each}}{{/each}}",
            "00q1",
        ),
        ("{{#each l}}{{@../index}}{{/each}}", MissingAttribute("@../index")),
        ("{{@index}}", MissingAttribute("@index")),
        ("{{#each l}}{{#with n}}{{@index}}{{/with}}{{/each}}", "01"),
        ("{{#each l as |v i|}}{{i}}{{v.n}}{{n}};{{/each}}", "0qq;1rr;"),
        ("{{#each l as |v|}}{{../n}}{{@index}}{{this}};{{/each}}", "q0{n=q, k=[1]};r1{n=r};"),
        ("{{#each l as  | a b c | }}{{a.n}}{{b}}{{/each}}", "q0r1"),
        ("{{#each o as |v k|}}{{k}}={{v}};{{/each}}", "k=v;@z=Z;p q=PQ;0=zero;"),
        ("{{#with a as |q|}}{{q.b.c}}{{b.c}}{{/with}}", "CC"),
        ("{{#with o}}{{o.k}}{{/with}}", MissingAttribute("this.o.k")),
        ("{{#with o}}{{#if x}}{{o.k}}{{/if}}{{o/k}}{{lookup o 'k'}}{{/with}}", "vvv"),
        ("{{#with o as |o|}}{{o.k}}{{/with}}{{#with o=1}}{{o.k}}{{/with}}", "vv"),
        ("{{#each}}{{@key}}{{/each}}", "alsxznteo@ymwtree"),
        ("{{#each x}}a{{else}}b{{/each}}", "b"),
        ("{{#each e}}a{{else if z}}b{{else}}c{{/each}}", "c"),
        ("{{#if z}}a{{else each l}}{{n}}{{else}}c{{/if}}", "qr"),
        ("{{#if z}}a{{else w}}{{this}}{{/if}}", "p"),
        ("{{#if z}}a{{else}}b{{else}}c{{/if}}", "c"),
        ("{{#if z}}a{{^}}b{{/if}}{{#if z}}a{{~ else ~}} b{{/if}}", "bb"),
        ("{{#if}}a{{/if}}{{#unless}}b{{else}}c{{/unless}}{{#with}}{{x}}{{/with}}", "ac1"),
        ("{{#if z}}a{{else if z}}b{{/if}}", ""),
        ("{{#if true}}a{{/if}}{{#if false}}b{{/if}}{{#if null}}c{{/if}}", "a"),
        ("{{#if -1}}a{{/if}}{{#if 0}}b{{/if}}{{#if 1.5}}c{{/if}}{{#if ''}}d{{/if}}", "ac"),
        ("{{#l}}{{n}}{{@index}}{{/l}}{{#a.b}}{{c}}{{/a.b}}{{#s}}{{this}}{{/s}}", "q0r1Cstr"),
        ("{{#t}}{{this.x}}{{/t}}{{#z}}a{{else}}b{{/z}}{{^z}}c{{/z}}{{^x}}d{{/x}}", "1bc"),
        ("{{#l as |v i|}}{{v.n}}{{i}}{{/l}}{{#s as |q|}}{{q}}{{/s}}", "q0r1str"),
        ("{{^nope}}a{{/nope}}{{#nope}}b{{/nope}}", "a"),
        ("{{^x z}}a{{/x}}{{^z x}}b{{/z}}{{^if x}}c{{/if}}{{^unless z}}d{{/unless}}", "bc"),
        ("{{#lookup a.b 'c'}}ignored{{/lookup}}", "C"),
        ("{{#x k=1}}a{{/x}}", MissingAttribute("x")),
        ("{{#foo y}}a{{/foo}}", MissingAttribute("foo")),
        ("{{{{if x}}}} {{y}} {{{{/if}}}}{{{{ l }}}}{{#{{{{/l }}}}", " {{y}} {{#{{#"),
    ],
)
def test_blocks(source, expected):
    """Blocks render conditionally, iterate and open scopes."""
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{#each l as |v|}}{{this.n}}{{/each}}", "qr"),
        ("{{#if x as |v|}}a{{/if}}", "a"),
        ("{{#with o as |v|}}{{#with ../m}}{{n}}{{/with}}{{/with}}", "M"),
        ("{{#*inline 'p'}}{{#with m}}{{x}}{{/with}}{{/inline}}{{> p x=2}}", "2"),
        ("{{#with nope}}a{{else}}{{this.x}}{{/with}}", "1"),
        ("{{lookup . 'a.b'}}", "{{lookup .}}"),
    ],
)
def test_known_differences(source, expected):
    """Where the result of handlebars.java is a side effect of its classes, ours is intuitive."""
    assert render(expected) == render(source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{{lookup l 0}}{{lookup l '1'}}", "{n=q, k=[1]}{n=r}"),
        ("{{lookup l 9}}|{{lookup e 'x'}}", "[{n=q, k=[1]}, {n=r}]|1"),
        ("{{lookup m 'n'}}{{lookup a 'x'}}{{lookup s 'length'}}{{lookup s}}", "M13str"),
        ("{{lookup nope 'b'}}{{lookup nope nope2}}", ""),
        ("{{lookup m nope}}", MissingAttribute("nope")),
        ("{{lookup (lookup . 'o') 'k'}}", "v"),
        ("{{lookup o 'k' k=(lookup o \"k\") q = 1}}", "v"),
        ("{{#with (lookup)}}{{x}}{{/with}}", "1"),
        ("{{log x 'a' 1 true level='warn'}}{{if x}}{{each l}}{{with a}}{{unless x}}", ""),
        ("{{log (foo)}}", MissingAttribute("foo")),
        ("{{upper (foo)}}", MissingAttribute("foo")),
        ("{{upper x}}", MissingAttribute("upper")),
        ("{{x k=1}}", MissingAttribute("x")),
        ("{{a[b]}}", MissingAttribute("a")),
        ("{{foo.bar x}}", MissingAttribute("foo.bar")),
        ("{{#if (x)}}a{{/if}}{{#if (if x)}}b{{else}}c{{/if}}", "ac"),
        ("{{#if (nope)}}a{{/if}}", MissingAttribute("nope")),
        (
            '{{#with \'a\\\'b"\'}}{{this}}{{/with}}{{#with "a}}\\"b"}}{{this}}{{/with}}',
            'a\'b"a}}"b',
        ),
        ("{{#with 12}}{{this}}{{/with}}{{#with 1.50}}{{this}}{{/with}}", "121.5"),
    ],
)
def test_helpers(source, expected):
    """Helpers take paths, literals and subexpressions; an unknown one is a missing attribute."""
    check(source, expected)


P = "{{#*inline 'p'}}"
LAY = "{{#*inline 'lay'}}<{{> @partial-block}}>{{/inline}}"
END = "{{/inline}}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (P + "{{n}}{{this.n}}{{x}}" + END + "{{> p m}}", "MM1"),
        (P + "{{n}}{{this.n}}" + END + "{{> p m n=5}}", "5M"),
        (P + "{{this}}" + END + "{{> p s n=5}}{{> p l.0}}", "str{n=q, k=[1]}"),
        (P + "{{../x}}" + END + "{{> p}}{{> p m}}", "11"),
        (P + "[{{n}}]" + END + "{{> p nope}}{{> p n=nope}}", "[N][N]"),
        (P + "{{@index}}" + END + "{{#each l}}{{> p m}}{{/each}}", "01"),
        (P + "{{z}}" + END + "{{> p z=(lookup . 's')}}", "str"),
        (P + "{{v}}{{#each c}}{{> p}}{{/each}}" + END + "{{> p tree}}", "1234"),
        (P + "a" + END + "{{> (lookup . 'w') m}}{{> 'p'}}{{>\"p\"}}{{> [p]}}", "aaaa"),
        ("{{> (lookup . 's')}}", MissingAttribute("str")),
        ("{{> (foo)}}", MissingAttribute("foo")),
        ("{{> a/b}}{{#*inline 'a/b'}}1{{/inline}}{{> c.d}}{{# * inline 'c.d'}}2{{/inline}}", "12"),
        ("{{> p}}" + P + "1" + END + P + "2" + END, "2"),
        (P + "0" + END + "{{#if x}}" + P + "1" + END + "{{> p}}{{/if}}{{> p}}", "10"),
        ("{{#if x}}" + P + "1" + END + "{{/if}}{{> p}}", MissingAttribute("p")),
        (P + "0{{> q}}" + END + "{{> p}}{{#*inline 'q'}}Q{{/inline}}", "0Q"),
        ("{{#each l}}{{> p}}" + P + "{{n}}" + END + "{{/each}}", "qr"),
        ("{{#> lay m}}{{n}}{{/lay}}" + LAY, "<M>"),
        ("{{#> lay a}}{{b.c}}{{/lay}}" + LAY, MissingAttribute("b.c")),
        ("{{#> lay q=5}}{{q}}{{/lay}}" + LAY, MissingAttribute("q")),
        ("{{#> lay n=5}}{{n}}{{/lay}}" + LAY, "<N>"),
        ("{{#> nope a}}{{b.c}}{{/nope}}", MissingAttribute("b.c")),
        (P + "{{../x}}" + END + "{{> p nope n=1}}", MissingAttribute("../x")),
        ("{{#> lay}}a{{#> lay}}b{{/lay}}{{/lay}}" + LAY, "<a<b>>"),
        ("{{#> p}}x{{/q}}" + LAY + P + "({{#> lay}}{{> @partial-block}}{{/lay}})" + END, "(<x>)"),
        ("{{#> nope}}fallback {{n}}{{/nope}}{{#> (lookup . 'w')}}b{{/x}}", "fallback Nb"),
        (
            "{{#> lay}}{{#*inline 't'}}T{{/inline}}B{{/lay}}{{#*inline 'lay'}}<{{> t}}{{> @partial-block}}>{{/inline}}",
            "<TB>",
        ),
        ("{{#> lay}}{{/lay}}{{#*inline 'lay'}}{{#> t}}default{{/t}}{{/inline}}", "default"),
        ("{{> @partial-block}}", MissingAttribute("@partial-block")),
    ],
)
def test_partials(source, expected):
    """Inline partials are visible in their block and partials it calls, and see the caller."""
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"\{{x}} b {{x}} \\{{x}} \{{x}}}", r"{{x}} b 1 \{{x}} {{x}}}"),
        ("\\\n{{x}}\\", "\\\n1\\"),
        ("{{! {{x}} }} b", " }} b"),
        ("{{!--}} b --}}{{!---}}c{{!}}d{{! a\nb}}{{!-- }} --}}", " b --}}cd"),
        ("a {{~x~}} b {{~{x}~}} c {{~&x}} d", "a1b1c1 d"),
        ("{{x~}} \n {{! no trim }} {{~x}}", "11"),
        ("{{x~}}   ", "1"),
        ('{{# if x}}a{{/ if }}{{\n x\t}}{{lookup o"k"}}', "a1v"),
        ("{{{ x }}}{{& x }}a } } }} {b", "11a } } }} {b"),
    ],
)
def test_tags(source, expected):
    """Tags, comments, escapes and `~` are recognized in the source."""
    check(source, expected)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("A\n{{#if x}}\nB\n{{/if}}\nC", "A\nB\nC"),
        ("{{#if x}}  \r\n  B\n  {{else}}\n{{/if}}", "  B\n"),
        ("{{! c }}\n{{x}}\n{{! d }} e", "1\n e"),
        ("a {{! c }}\n{{#if x}}{{#if x}}\nb{{/if}}{{/if}}", "a \n\nb"),
        ("{{! c }}", ""),
        ("a\n  {{! c }}", "a\n"),
        ("  {{! c }}\nB", "B"),
        ("  {{#if x}}\nB{{/if}}", "B"),
        ("{{x}}  {{! c }}\nB", "1  \nB"),
    ],
)
def test_standalone_lines_dropped(monkeypatch, source, expected):
    """With the constant off, block tags and comments remove their line, as in JavaScript."""
    monkeypatch.setattr(lexer, "KEEP_STANDALONE_LINES", False)

    assert expected == template._compile.__wrapped__(source).render(DATA)
