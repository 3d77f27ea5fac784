"""Makes pinyin.txt from pypinyin (MIT). Run by hand in a virtualenv that has it: `python resources/pinyin_make.py`.

Kept small on purpose: no tones, one reading per character, and of the words only those of two characters whose reading the
characters alone would get wrong or that begin with a character that is read otherwise as a surname.
"""

import unicodedata
from collections import defaultdict
from pathlib import Path

from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

OUT = Path(__file__).with_name("pinyin.txt")
HEAD = (
    "# Pinyin without tones, made by pinyin_make.py from pypinyin {version} (MIT; see pinyin.LICENSE.txt).",
    "# [characters] syllable and its characters; [words] syllables and two-character words; [surnames] syllables and surname.",
)
READ_AS = {
    "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "曾": "zeng", "区": "ou", "朴": "piao", "盖": "ge", "乐": "yue",
    "繁": "po", "种": "chong", "冼": "xian", "员": "yun", "秘": "bi", "乜": "nie", "缪": "miao", "薄": "bo", "折": "she",
    "翟": "zhai", "召": "shao", "那": "na", "黑": "he", "盛": "sheng", "石": "shi", "哈": "ha", "覃": "qin", "尉": "wei",
    "郗": "chi", "谌": "chen", "句": "gou", "勾": "gou", "角": "jue", "任": "ren", "华": "hua", "宿": "su", "过": "guo",
    "尉迟": "yu-chi", "万俟": "mo-qi", "长孙": "zhang-sun", "单于": "chan-yu", "澹台": "tan-tai", "令狐": "ling-hu",
    "呼延": "hu-yan", "皇甫": "huang-fu", "宰父": "zai-fu", "亓官": "qi-guan", "夏侯": "xia-hou", "鲜于": "xian-yu",
    "乐正": "yue-zheng", "拓跋": "tuo-ba", "慕容": "mu-rong", "欧阳": "ou-yang", "上官": "shang-guan", "司马": "si-ma",
    "诸葛": "zhu-ge", "东方": "dong-fang",
}  # fmt: skip


def plain(syllable: str) -> str:
    """A syllable without its tone; ü becomes v, as input methods type it."""
    bare = unicodedata.normalize("NFD", syllable.replace("ü", "v"))
    letters = unicodedata.normalize("NFD", syllable)
    if "u\u0308" in letters.replace("\u0300", "").replace("\u0301", "").replace("\u0304", "").replace("\u030c", ""):
        bare = letters.replace("u", "v")
    return "".join(c for c in bare if "a" <= c <= "z")


def main() -> None:
    """Write the table."""
    from pypinyin import __version__

    first = {chr(code): plain(readings.split(",")[0]) for code, readings in pinyin_dict.items()}
    first = {c: s for c, s in first.items() if s}
    groups: dict[str, list[str]] = defaultdict(list)
    for char, syllable in first.items():
        groups[syllable].append(char)
    words: dict[str, list[str]] = defaultdict(list)
    for word, readings in phrases_dict.items():
        if len(word) != 2 or word in READ_AS:
            continue
        said = [plain(r[0]) for r in readings]
        wrong = [first.get(c) for c in word] != said
        if all(said) and (wrong or (word[0] in READ_AS and READ_AS[word[0]] != first.get(word[0]))):
            words["-".join(said)].append(word)
    lines = [h.format(version=__version__) for h in HEAD]
    lines += ["[characters]", *(f"{s} {''.join(sorted(groups[s]))}" for s in sorted(groups))]
    lines += ["[words]", *(f"{s} {''.join(sorted(words[s]))}" for s in sorted(words))]
    lines += ["[surnames]", *(f"{s} {n}" for n, s in READ_AS.items() if len(n) == 2 or first.get(n) != s)]
    OUT.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
