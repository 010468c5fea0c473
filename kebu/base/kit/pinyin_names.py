"""Readings that a general dictionary gets wrong in names of people, places and companies."""

_SINGLE = """
单shan 仇qiu 查zha 曾zeng 解xie 任ren 区ou 朴piao 覃qin 盖ge 翟zhai 乐yue 冼xian 缪miao 那na 召shao 黑he
华hua 种chong 秘bi 员yun 晁chao 尹yin 折she 隗wei 郇xun 令ling 柏bai 卜bu 车che 重chong 褚chu 都du 繁po
费fei 干gan 葛ge 句gou 过guo 哈ha 郝hao 纪ji 贾jia 靳jin 阚kan 亢kang 隽juan 逯lu 吕lv 麻ma 牟mou 能nai
粘nian 宁ning 钮niu 逄pang 强qiang 瞿qu 撒sa 沙sha 厍she 佘she 沈shen 盛sheng 石shi 殳shu 宿su 眭sui
洗xian 澹tan 佟tong 危wei 相xiang 肖xiao 行xing 燕yan 么yao 应ying 於yu 尉wei 恽yun 郧yun 臧zang 迮ze
占zhan 祭zhai 仲zhong 竺zhu 藏zang 薄bo 阙que 郗xi 郤xi 莘shen 仉zhang 訾zi 遆ti 缑gou 妫gui 炅gui 呙guo
蹇jian 蒯kuai 郦li 乜nie 蕲qi 戎rong 芮rui 谌chen 璩qu 麴qu 佴nai 嵇ji 蓟ji 暨ji 亓qi 綦qi 岑cen 幺yao
羿yi 庾yu 昝zan 笪da 邸di 禤xuan 燮xie 佀si 俟qi 撖han 苻fu 苌chang
"""
_COMPOUND = """
尉迟yu chi|万俟mo qi|长孙zhang sun|令狐ling hu|澹台tan tai|欧阳ou yang|上官shang guan|司马si ma|诸葛zhu ge
东方dong fang|皇甫huang fu|公孙gong sun|慕容mu rong|司徒si tu|司空si kong|夏侯xia hou|轩辕xuan yuan
宇文yu wen|鲜于xian yu|闾丘lv qiu|淳于chun yu|太史tai shi|申屠shen tu|仲孙zhong sun|钟离zhong li
呼延hu yan|赫连he lian|濮阳pu yang|端木duan mu|百里bai li|南宫nan gong|东郭dong guo|西门xi men|独孤du gu
拓跋tuo ba|公冶gong ye|宗政zong zheng|乐正yue zheng|漆雕qi diao|壤驷rang si|夹谷jia gu|宰父zai fu
谷梁gu liang|子车zi ju|颛孙zhuan sun|巫马wu ma|公西gong xi|亓官qi guan|司寇si kou|左丘zuo qiu|羊舌yang she
梁丘liang qiu|叱干chi gan|纳兰na lan|完颜wan yan|耶律ye lv|哥舒ge shu|尔朱er zhu|贺兰he lan
"""
# One character alone: the reading it has in names, where the dictionary puts another one first.
_CHARACTERS = """
佛fo 厦xia 长chang 曾zeng 都du 翟zhai 柜gui 埔pu 茄qie 炔que 藏zang 薄bo 晟sheng 莘xin 琢zhuo 爪zhua 隽jun
贾jia
"""
_PHRASES = """
六安lu an|蚌埠beng bu|亳州bo zhou|台州tai zhou|丽水li shui|番禺pan yu|东阿dong e|乐清yue qing|乐亭lao ting
单县shan xian|浚县xun xian|莘县shen xian|枞阳zong yang|歙县she xian|铅山yan shan|蔚县yu xian|洪洞hong tong
朝阳chao yang|长子zhang zi|长老zhang lao|成长cheng zhang|增长zeng zhang|生长sheng zhang|校长xiao zhang
重庆chong qing|大厦da sha|广厦guang sha|银行yin hang|分行fen hang|支行zhi hang|商行shang hang|车行che hang
行业hang ye|同行tong hang|央行yang hang|洋行yang hang|琴行qin hang|珠宝行zhu bao hang|茶行cha hang
药行yao hang|粮行liang hang|鞋行xie hang|电器行dian qi hang|五金行wu jin hang|会计kuai ji|乐器yue qi
音乐yin yue|乐团yue tuan|声乐sheng yue|调味tiao wei|空调kong tiao|调节tiao jie|调料tiao liao|调理tiao li
参茸shen rong|人参ren shen|海参hai shen|收藏shou cang|珍藏zhen cang|馆藏guan cang|冷藏leng cang
储藏chu cang|藏品cang pin|瓦房店wa fang dian|吐鲁番tu lu fan|喀什ka shi|浒墅关xu shu guan|浒关xu guan
甪直lu zhi|十堰shi yan|大埔da bu|莘庄xin zhuang|模具mu ju|模板mu ban|弹簧tan huang|切削qie xiao
校准jiao zhun|校验jiao yan|处理chu li|起重qi zhong|便宜pian yi|番茄fan qie|率先shuai xian|子长zi chang
重阳chong yang|重新chong xin|重生chong sheng|重组chong zu|双重shuang chong
"""


def _pairs(text: str) -> dict[str, str]:
    """Items of one character followed by its syllable."""
    return {item[0]: item[1:] for item in text.split()}


def _words(text: str) -> dict[str, str]:
    """Words followed directly by their syllables, parted by | or line ends."""
    found = {}
    for item in text.strip().replace("\n", "|").split("|"):
        words = "".join(character for character in item if not character.isascii())
        found[words] = item[len(words) :]
    return found


SURNAMES: dict[str, str] = _pairs(_SINGLE)
CHARACTERS: dict[str, str] = _pairs(_CHARACTERS)
PHRASES: dict[str, str] = _words(_PHRASES)
COMPOUND_SURNAMES: dict[str, list[str]] = {words: read.split() for words, read in _words(_COMPOUND).items()}
