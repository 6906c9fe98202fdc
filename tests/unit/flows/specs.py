"""Flows used by the tests: a few that a town really has, and any that could be written."""

from dataclasses import replace

from hypothesis import strategies as st

from mingtang.flows.model import MAX_STEPS, FlowSpec, Lane, Step

APPLICANT, WINDOW = Lane("applicant", "申请人"), Lane("window", "便民服务中心窗口")
LAND, BUILD, LEADER = Lane("land", "自然资源所"), Lane("build", "村镇建设办"), Lane("leader", "分管镇长")

INSTANT = FlowSpec("YL-01", 1, "老年优待证办理", "instant", (APPLICANT, WINDOW), "applicant", "window", "window")
PROMISED = FlowSpec(
    "MZ-02",
    1,
    "临时救助",
    "promised",
    (APPLICANT, WINDOW, LAND, LEADER),
    "applicant",
    "window",
    "leader",
    (
        Step("visit", "入户调查", "land", 5),
        Step("review", "民主评议", "land", 7, None, "amount > 3000", "金额超过三千元"),
        Step("opinion", "提出初审意见", "land", 2),
    ),
    intake_days=5,
    serve_days=10,
)
JOINT = FlowSpec(
    "ZJ-03",
    2,
    "农村村民住宅用地和规划许可",
    "joint",
    (APPLICANT, WINDOW, LAND, BUILD, LEADER),
    "applicant",
    "window",
    "leader",
    (
        Step("site", "现场勘查", "land", 3),
        Step("plot", "用地审查", "land", 5, "offices"),
        Step("plan", "乡村建设规划审查", "build", 5, "offices"),
        Step("sum", "汇总意见", "window", 1),
    ),
    suspensions=(("专家评审", "《行政许可法》第四十五条"), ("检测", "《行政许可法》第四十五条")),
    sends_up=("华容县自然资源局",),
)

# As much as a spec may hold: forty steps with long names, side by side, on conditions, every special procedure.
_OFFICES = (
    Lane("window", "便民服务中心综合窗口 2 号窗（建设规划与自然资源）"),
    Lane("land", "自然资源和规划所用地审查岗"),
    Lane("build", "村镇建设办公室乡村建设规划岗"),
    Lane("agri", "农业农村和水利服务站宅基地管理岗位"),
)
_LONG_NAMES = (
    "现场勘查并填写勘查记录表（不少于两人到场）",
    "用地审查",
    "乡村建设规划许可条件核对",
    "核对申请人是否已有宅基地（一户一宅）以及占地面积是否超过省定标准",
    "出具初审意见",
    "张榜公示7天",
    "拟定审查报告",
)
_GROUPS = {
    n: group for group, members in (("g1", range(4, 8)), ("g2", (15, 16)), ("g3", range(25, 31))) for n in members
}
_ASKED = {
    2: "占用农用地",
    5: "面积超过一百二十平方米且占用永久基本农田",
    16: "占用农用地",
    26: "占用农用地",
    33: "相邻权有争议",
}
LONGEST = FlowSpec(
    "ZJ-99",
    3,
    "农村村民住宅建设用地、乡村建设规划许可和农用地转用一次联合办理",
    "joint",
    (APPLICANT, *_OFFICES, LEADER),
    "applicant",
    "window",
    "leader",
    tuple(
        Step(
            f"step_{n}",
            _LONG_NAMES[n % 7],
            _OFFICES[(n * 7 + n // 3) % 4].key,
            (None, 1, 3, 5, 20)[n % 5],
            _GROUPS.get(n),
            "area > 120" if n in _ASKED else None,
            _ASKED.get(n),
        )
        for n in range(MAX_STEPS)
    ),
    suspensions=tuple((name, "《中华人民共和国行政许可法》第四十五条") for name in ("专家评审", "检验检测", "听证")),
    sends_up=("华容县自然资源局",),
    intake_days=5,
    decide_days=2,
    serve_days=10,
)

# Names that look like markup, run the other way, or hold characters outside the first plane, as long as they may be.
_ODD = (
    '<b onclick="x">&amp;</b>\'',
    "\u202eevil\u202c 𠮷野家 👵🏽 e\u0301",
    "]]><!-- -->" + "办" * 20,
    "＂／＂" + "a" * 29,
)
HOSTILE = tuple(
    replace(
        LONGEST,
        item_code=f"ZJ-{number} <&>\"' 一",
        name=(odd * 40)[:120],
        lanes=tuple(replace(lane, name=odd[:32]) for lane in LONGEST.lanes),
        steps=tuple(
            replace(step, name=odd[:32], condition_label=odd[:20] if step.condition else None)
            for step in LONGEST.steps[:12]
        ),
        suspensions=tuple((odd[: 12 - n], odd[:60]) for n in range(3)),
        sends_up=(odd[:32],),
    )
    for number, odd in enumerate(_ODD)
)

_WORDS = st.text(alphabet="办理审查用地规划现场勘查意见核对公示汇总（一）、A1", min_size=1, max_size=32)
_NAMES = _WORDS.filter(lambda text: bool(text.strip()))


@st.composite
def flow_specs(draw: st.DrawFn) -> FlowSpec:
    """Any valid spec: one to four offices, steps in order or side by side, with and without conditions."""
    kind = draw(st.sampled_from(("instant", "promised", "joint")))
    offices = [Lane(f"office{n}", draw(_NAMES)) for n in range(draw(st.integers(0, 3)))]
    decider = draw(st.sampled_from(("window", "leader")))
    lanes = [APPLICANT, WINDOW, *offices, *([LEADER] if decider == "leader" else [])]
    lanes = draw(st.permutations(lanes))
    working = [lane.key for lane in lanes if lane.key != "applicant"]
    steps: list[Step] = []
    for unit in range(draw(st.integers(0 if kind == "instant" else 1, 5))):
        size = draw(st.integers(1, 4))
        for _ in range(size):
            asked = draw(st.sampled_from((None, None, "farmland == 'yes'", "area > 120 and not moved")))
            steps.append(
                Step(
                    key=f"step{len(steps)}",
                    name=draw(_NAMES),
                    lane=draw(st.sampled_from(working)),
                    working_days=draw(st.none() | st.integers(1, 120)),
                    group=f"g{unit}" if size > 1 else None,
                    condition=asked,
                    condition_label=draw(_NAMES)[:20].strip() or "是" if asked else None,
                )
            )
    procedures = draw(st.lists(st.sampled_from(("听证", "检测", "专家评审")), unique=True, max_size=3))
    return FlowSpec(
        item_code=draw(st.sampled_from(("WY-1", "临时救助 & <一>"))),
        version=draw(st.integers(1, 9)),
        name=draw(_NAMES),
        kind=kind,
        lanes=tuple(lanes),
        applicant_lane="applicant",
        window_lane="window",
        decider_lane=decider,
        steps=tuple(steps),
        suspensions=tuple((name, "《行政许可法》第四十五条") for name in procedures),
        sends_up=("华容县自然资源局",) if draw(st.booleans()) else None,
        intake_days=draw(st.none() | st.just(5)),
        serve_days=draw(st.none() | st.just(10)),
    )


ANSWERS = {"farmland": "yes", "area": 150, "moved": False, "amount": 5000}
NO_ANSWERS = {"farmland": "no", "area": 100, "moved": True, "amount": 100}
