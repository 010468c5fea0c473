"""The syllables of pinyin, and how a run of letters can be cut into them."""

from functools import lru_cache

MOST_CUTS = 16

SYLLABLES = frozenset(
    """
    a ai an ang ao e ei en eng er o ou
    ba bai ban bang bao bei ben beng bi bian biang biao bie bin bing bo bong bu
    ca cai can cang cao ce cei cen ceng ci cong cou cu cuan cui cun cuo
    cha chai chan chang chao che chen cheng chi chong chou chu chua chuai chuan chuang chui chun chuo
    da dai dan dang dao de dei den deng di dia dian diao die din ding diu dong dou du duan dui dun duo
    fa fan fang fei fen feng fiao fo fou fu
    ga gai gan gang gao ge gei gen geng gong gou gu gua guai guan guang gui gun guo
    ha hai han hang hao he hei hen heng hong hou hu hua huai huan huang hui hun huo
    ji jia jian jiang jiao jie jin jing jiong jiu ju juan jue jun
    ka kai kan kang kao ke kei ken keng kong kou ku kua kuai kuan kuang kui kun kuo
    la lai lan lang lao le lei len leng li
    lia lian liang liao lie lin ling liu lo long lou lu luan lue lun luo lv
    ma mai man mang mao me mei men meng mi mian miao mie min ming miu mo mou mu
    na nai nan nang nao ne nei nen neng ni
    nia nian niang niao nie nin ning niu nong nou nu nuan nue nun nuo nv
    pa pai pan pang pao pei pen peng pi pian piao pie pin ping po pou pu
    qi qia qian qiang qiao qie qin qing qiong qiu qu quan que qun
    ran rang rao re ren reng ri rong rou ru rua ruan rui run ruo
    sa sai san sang sao se sen seng si song sou su suan sui sun suo
    sha shai shan shang shao she shei shen sheng shi shou shu shua shuai shuan shuang shui shun shuo
    ta tai tan tang tao te tei teng ti tian tiao tie ting tong tou tu tuan tui tun tuo
    wa wai wan wang wei wen weng wo wong wu
    xi xia xian xiang xiao xie xin xing xiong xiu xu xuan xue xun
    ya yan yang yao ye yi yin ying yo yong you yu yuan yue yun
    za zai zan zang zao ze zei zen zeng zi zong zou zu zuan zui zun zuo
    zha zhai zhan zhang zhao zhe zhei zhen zheng zhi zhong zhou zhu zhua zhuai zhuan zhuang zhui zhun zhuo
    """.split()  # noqa: SIM905 (a table to look at)
)
_BEGINNINGS = frozenset(syllable[:end] for syllable in SYLLABLES for end in range(1, len(syllable) + 1))
_LONGEST = max(map(len, SYLLABLES))


def plain(letters: str) -> str:
    """Write ü the way a keyboard does: lü is lv, lüe is lue, as most people type them."""
    return letters.replace("ü", "v").replace("lve", "lue").replace("nve", "nue")


@lru_cache(maxsize=4096)
def cuts(letters: str) -> tuple[tuple[str, ...], ...]:
    """Cut letters into whole syllables and a last one that may be unfinished; longest syllables first.

    ``xian`` gives ("xian",) and ("xi", "an"); ``zhangw`` gives ("zhang", "w"). Nothing when no cut exists,
    at most MOST_CUTS ways.
    """
    found: list[tuple[str, ...]] = [(letters,)] if letters in _BEGINNINGS else []
    for end in range(min(_LONGEST, len(letters) - 1), 0, -1):
        if letters[:end] in SYLLABLES:
            found.extend((letters[:end], *rest) for rest in cuts(letters[end:]))
    return tuple(found[:MOST_CUTS])
