"""Believable Chinese names, each given once; nobody in the demo is a real person."""

from .chance import Chance

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟"
    "谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
WOMEN = "秀兰 桂芳 丽娟 晓燕 海霞 雅芬 玉梅 春玲 慧敏 淑贞 红梅 爱华 美玲 静怡 文静 佳慧 雪莹 晓琳 婉清 思敏 丹丹 小曼 巧云 月华 素珍 菊香 银凤 翠萍 志红 惠芳 莉莉 艳芳 冬梅 彩霞 亚楠 倩 颖 琳 婷 洁 岚 薇 蓉 瑛 娜 敏 霞 燕 莹 萍"
MEN = "建国 志强 国栋 永康 海涛 文斌 立新 德胜 家明 宏伟 卫东 振华 学军 大伟 俊杰 长河 新民 兴旺 利民 光明 春生 金水 宝山 天佑 少华 守义 敬之 伯承 向阳 景行 明远 子良 世昌 克勤 正平 开山 一鸣 远航 培林 庆丰 波 磊 勇 刚 军 涛 峰 斌 亮 鹏"
GIRLS = "子涵 欣怡 梓萱 雨桐 诗涵 可馨 若曦 语嫣 思彤 佳琪 梦瑶 一诺 紫萱 沐晴 艺涵 书瑶 静姝 心悦 婉婷 昕妍 芷若 南枝 知夏 清禾 晚晴 朵朵 糖心 安然 念慈 云舒"
BOYS = "浩然 子轩 宇航 梓豪 俊熙 博文 思远 天佑 一凡 睿哲 承泽 明轩 奕辰 嘉树 启航 子墨 乐天 星宇 景行 致远 沐阳 书豪 逸飞 昊天 铭泽 之恒 小川 知远 维桢 屿森"


class Names:
    """Gives out names of grown-ups and of children, never the same twice."""

    def __init__(self, chance: Chance, taken: set[str]) -> None:
        """`taken` are the names of the cast."""
        self.chance = chance
        self.taken = set(taken)

    def grown_up(self, *, woman: bool | None = None) -> str:
        """A member of staff or a parent."""
        woman = self.chance.happens(0.5) if woman is None else woman
        return self._new((WOMEN if woman else MEN).split())

    def child(self, surname: str) -> str:
        """A pupil with the surname of a parent."""
        return self._new((GIRLS if self.chance.happens(0.5) else BOYS).split(), surname)

    def _new(self, given: list[str], surname: str = "") -> str:
        """Tries surnames and given names until the two together are new; with one surname, two given names in the end."""
        for attempt in range(1000):
            first = (
                self.chance.choice(given)
                if attempt < 60 or not surname
                else "".join(self.chance.sample("子文雨思佳明嘉一", 2))
            )
            name = (surname or self.chance.choice(SURNAMES)) + first
            if name not in self.taken:
                self.taken.add(name)
                return name
        raise ValueError(f"no names are left for {surname or 'anybody'}")
