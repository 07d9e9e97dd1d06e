"""How people in schools write to each other about repairs; {who} is the technician, {part} what is needed."""

Lines = tuple[str, ...]

HIGH = {"lamp", "fan", "aircon", "projector", "ceiling", "camera", "exitlight", "tree", "speaker", "hoop", "sign"}
ELECTRIC = {"socket", "lamp", "fan", "exitlight", "speaker", "router"}
DEVICE = {"board", "projector", "computer", "aircon", "fridge", "elevator", "dispenser", "gatebar", "camera", "stove"}
OUTDOOR = {"manhole", "track", "tree", "fence", "hoop", "gatebar"}
NETWORK = {"router"}
LIGHT = {"lamp"}

REPLIES = (
    "收到，{who}一会儿过去看。",
    "已收到，{who}手上这件做完就来。",
    "收到，库房有配件，今天能修好。",
    "好的，先别用，等{who}来看。",
    "收到，安排在课间去修，不影响上课。",
    "谢谢报修，已安排{who}。",
    "收到，马上来。",
    "知道了，{who}正好在附近。",
)
SORRY = (
    "抱歉，前两天人手不够，现在安排{who}过去。",
    "不好意思回复晚了，今天一定来看。",
    "久等了，{who}今天过来。",
)
NOTES = ("课间再去，别影响上课。", "配件在库房二层架子上。", "修好拍清楚一点。", "到了先给报修人打个招呼。")
ARRIVED = ("已到现场，要换{part}。", "看过了，小问题，马上弄。", "和报修人确认过位置。")
THANKS = (
    "修得很快，谢谢{who}。",
    "{who}很细心，还把地擦干净了。",
    "第二天就修好了，满意。",
    "修好了，学生都说好。",
    "态度很好，讲了以后怎么保养。",
    "跟新的一样。",
    "没有耽误上课，很好。",
)
FAIR = ("修好了，就是等得久了一点。", "能用了。", "修是修好了，现场没收拾。")
POOR = ("等了好几天才来，催了才动。", "修了两次才好。", "一直没人告诉我进度。", "太慢了，一周多才修好。")
REJECTED = ("同一件前面有人报过，正在修，您可以关注那一单。", "现场看过，没有损坏，可以照常用。")
WITHDRAWN = ("报错地方了，我重新报一单。", "隔壁老师已经报过了。", "师傅路过，顺手修好了。")
RETURNED = ("{part}库里没有，要先买，买到再派给我。", "一个人做不了，请加派一个人。")
AGAIN = ("材料已备齐，请再去一次。", "已约好帮手，请再去一次。")
CHANGED = ("原来那位今天请假，改派给您。", "需要两个人一起做，改由您负责。", "这活您熟，改派给您。")
USUAL = ("只坏了一处，不影响上课，按一般报修处理。", "有备用的先用着，按一般处理。")
PRESSING = ("学生天天要用，按紧急处理。", "怕伤着孩子，按紧急处理。")
FROM_ABOVE = "现场看过，水是空调冷凝管漏下来的，不是屋面。"
ELSEWHERE = ("报修人选错了地方，电话确认过在这里。", "现场看了，实际在这里。")
RAISED = ("后天家长会，人多怕出事。", "有个孩子差点被刮到。", "坏得更厉害了，等不了。")
WANT_TIME = ("{part}要从县里调货，明天下午才到。", "厂家的人后天来，先等等。")
GRANTED = ("同意，到货当天装好。", "同意，先把现场围起来。", "可以，跟报修人说一声。")
REFUSED = ("库房还有两件，先用上，今天修好。", "这件不能再等，先做临时处理。")
NUDGES = ("请今天之内给报修人答复。", "已经超时，请说明原因并马上安排。", "这件家长已经问过，请抓紧。")
FROM_OPENER = ("下午两点以后没有课，可以来修。", "今天又坏了一处，一起看看吧。", "我周三不在，钥匙在隔壁办公室。")
FROM_DESK = ("已量好尺寸，明早带配件来。", "配件已到，下午装。", "先用备用的顶着。")

# What is said of some things only, besides what may be said of all.
BESIDES: tuple[tuple[Lines, set[str], Lines], ...] = (
    (NOTES, HIGH, ("带上梯子，两个人去。",)),
    (NOTES, ELECTRIC, ("先断电再动手。",)),
    (ARRIVED, OUTDOOR, ("现场已围好，先把人请开。",)),
    (REJECTED, DEVICE, ("还在保修期内，已联系供应商上门，不走校内维修。",)),
    (REJECTED, NETWORK, ("这条线路归通信公司管，已替您报到客服。",)),
    (REJECTED, LIGHT, ("不是损坏，是定时关闭，晚上会自动打开。",)),
    (WITHDRAWN, DEVICE | NETWORK, ("重新开机就好了。",)),
    (RETURNED, HIGH, ("要登高作业证，我没有，请另派人。",)),
    (RETURNED, DEVICE, ("保修期内，拆了就不保了，请联系厂家。",)),
    (WANT_TIME, ELECTRIC, ("要等没课的时候断电施工。",)),
    (WANT_TIME, OUTDOOR, ("下雨做不了，天晴马上做。",)),
)


def fitting(lines: Lines, scene: str) -> Lines:
    """These lines, with those that fit this scene only."""
    return lines + tuple(line for said, scenes, more in BESIDES if said is lines and scene in scenes for line in more)
