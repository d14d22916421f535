"""How names, numbers and doubtful characters are spoken, in Chinese and in English.

Chinese overrides mend what the dictionary of pypinyin cuts or reads wrongly; the pinyin files are proof-read all the same.
"""

# Words whose dictionary reading is missing, doubtful or cut wrongly. Tone marks as in print.
CHINESE = {
    "泸定": "lú dìng",
    "大渡河": "dà dù hé",
    "攻桥": "gōng qiáo",
    "多长": "duō cháng",
    "长一百": "cháng yī bǎi",
    "长三": "cháng sān",
    "长五": "cháng wǔ",
    "落井": "luò jǐng",
    "地龙桩": "dì lóng zhuāng",
    "卧龙桩": "wò lóng zhuāng",
    "横向": "héng xiàng",
    "空当": "kòng dāng",
    "藏在": "cáng zài",
    "量起": "liáng qǐ",
    "量的": "liáng de",
    "看得见": "kàn de jiàn",
    "大部": "dà bù",
    "相差": "xiāng chà",
    "相铺": "xiāng pū",
    "铺着": "pū zhe",
    "切换": "qiē huàn",
    "照片": "zhào piàn",
    "当天": "dàng tiān",
    "通行": "tōng xíng",
    "那时": "nà shí",
    "中选出": "zhōng xuǎn chū",
    "手头": "shǒu tóu",
}

# English words that en-gb would spell out or misread, in espeak-ng's phoneme letters.
ENGLISH = {
    "Luding": "l'u:dIN",
    "Dadu": "d'A:du:",
    "Kangxi": "k,aNS'i:",
    "Qing": "tS'IN",
    "zhang": "dZ'aN",
    "chi": "tS'3:",
    "stele": "st'i:lI",
}

DIGITS = "零一二三四五六七八九"


def spoken_integer(number: int) -> str:
    """A whole number below 100,000 as it is said in Chinese, as in 一万二千一百六十四."""
    if number < 10:
        return DIGITS[number]
    words, zero = "", False
    for unit, name in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            words += ("零" if zero and words else "") + DIGITS[digit] + name
            zero = False
        else:
            zero = True
    return words.removeprefix("一") if words.startswith("一十") else words


def spoken_figure(figure: str, unit: str) -> str:
    """Digits as they are said before `unit`: a year digit by digit, 2 before a measure as 两."""
    if unit == "年" and len(figure) == 4:
        return "".join(DIGITS[int(digit)] for digit in figure)
    whole, point, rest = figure.partition(".")
    if point:
        return spoken_integer(int(whole)) + "点" + "".join(DIGITS[int(digit)] for digit in rest)
    if figure == "2" and unit in "米根个口层座块人公":
        return "两"
    return spoken_integer(int(figure))


SMALL = (
    "nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "nought ten twenty thirty forty fifty sixty seventy eighty ninety".split()
ORDINALS = {29: "twenty-ninth", 28: "twenty-eighth"}


def english_integer(number: int) -> str:
    """A whole number below a million in English words, with the British “and”."""
    if number < 20:
        return SMALL[number]
    if number < 100:
        tens, ones = divmod(number, 10)
        return TENS[tens] + (f"-{SMALL[ones]}" if ones else "")
    if number < 1000:
        hundreds, rest = divmod(number, 100)
        return f"{SMALL[hundreds]} hundred" + (f" and {english_integer(rest)}" if rest else "")
    thousands, rest = divmod(number, 1000)
    joint = " and " if 0 < rest < 100 else " "
    return f"{english_integer(thousands)} thousand" + (f"{joint}{english_integer(rest)}" if rest else "")


def english_year(year: int) -> str:
    """A year as it is said: nineteen thirty-five, seventeen hundred and nine as seventeen oh nine."""
    century, rest = divmod(year, 100)
    tail = "hundred" if rest == 0 else (f"oh {SMALL[rest]}" if rest < 10 else english_integer(rest))
    return f"{english_integer(century)} {tail}"
