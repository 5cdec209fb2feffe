"""A C++ file as the rules see it: code without comments and literals, and the literals as a list."""
import re

_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'
    r'|(?:\b(?:u8|u|U|L))?R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"'
    r'|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)


class Source:
    """`code` has the length and the lines of `text`, with comments and literals blanked."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.lines = text.split('\n')
        self.literals = []  # (offset, content)
        self.code = _TOKEN.sub(self._blank, text)

    def _blank(self, match):
        token = match.group(0)
        if token.startswith(('//', '/*')):
            return re.sub(r'[^\n]', ' ', token)
        self.literals.append((match.start(), token))
        quote = token[-1]
        return quote + re.sub(r'[^\n]', ' ', token[1:-1]) + quote

    def line(self, offset):
        return self.text.count('\n', 0, offset) + 1

    def includes(self):
        """(line, name, is_angled), read from the text, because names in quotation marks are literals."""
        for number, line in enumerate(self.lines, 1):
            match = re.match(r'\s*#\s*include\s*(?:<([^>]+)>|"([^"]+)")', line)
            if match:
                yield number, match.group(1) or match.group(2), match.group(1) is not None


def match_forward(code, start):
    """The offset of the bracket that closes the one at `start`, or the end."""
    depth = 0
    for i in range(start, len(code)):
        if code[i] in '([{':
            depth += 1
        elif code[i] in ')]}':
            depth -= 1
            if depth == 0:
                return i
    return len(code)


def match_backward(code, end):
    """The offset of the bracket that opens the one closed at `end`, or -1."""
    depth = 0
    for i in range(end, -1, -1):
        if code[i] in ')]}':
            depth += 1
        elif code[i] in '([{':
            depth -= 1
            if depth == 0:
                return i
    return -1


def before(code, offset):
    """The offset of the last character before `offset` that is not white space, or -1."""
    i = offset - 1
    while i >= 0 and code[i].isspace():
        i -= 1
    return i


def word_ending(code, end):
    """The identifier that ends at `end`, or an empty text."""
    start = end
    while start >= 0 and (code[start].isalnum() or code[start] == '_'):
        start -= 1
    return code[start + 1:end + 1]


_BLOCK_WORDS = {'else', 'do', 'try', 'const', 'noexcept', 'override', 'final', 'mutable'}


def opens_block(code, brace):
    """True for the brace of a body, false for one of an initialiser."""
    i = before(code, brace)
    if i < 0 or code[i] in ';{}:':
        return True
    if code[i] == ')':
        return True
    if word_ending(code, i) in _BLOCK_WORDS:
        return True
    # A trailing return type: `) -> Type {`.
    statement = code[max(code.rfind(c, 0, brace) for c in ';{}') + 1:brace]
    if re.search(r'\)[^()]*->\s*[\w:<>,\s*&]+$', statement):
        return True
    # A lambda without a parameter list.
    if code[i] == ']':
        return is_lambda(code, match_backward(code, i))
    return bool(re.match(r'\s*(?:\w+\s+)*(?:namespace|class|struct|union|enum|extern)\b', statement))


def is_lambda(code, bracket):
    """True when the '[' at `bracket` introduces a lambda."""
    if code[bracket:bracket + 2] == '[[' or code[bracket - 1:bracket] == '[':
        return False
    i = before(code, bracket)
    if i < 0:
        return False
    if re.search(r'\bauto\s*(?:const\s*)?&{0,2}$', code[:i + 1][-40:]):
        return False  # a structured binding
    if code[i] in ')]"':
        return False
    word = word_ending(code, i)
    return not word or word in {'return', 'co_return', 'co_await', 'co_yield', 'case'}


def lambdas(code):
    """(offset of '[', captures, offset of '{', offset of '}')."""
    for match in re.finditer(r'\[', code):
        start = match.start()
        if not is_lambda(code, start):
            continue
        end = match_forward(code, start)
        body = re.compile(r'\s*(?:<[^{}()]*>\s*)?').match(code, end + 1).end()
        if code[body:body + 1] == '(':
            body = match_forward(code, body) + 1
        brace = code.find('{', body)
        if brace < 0 or re.search(r'[;)]', re.sub(r'\([^()]*\)', '', code[body:brace])):
            continue
        yield start, code[start + 1:end].strip(), brace, match_forward(code, brace)
