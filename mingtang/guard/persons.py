"""What running text tells of a person: illness, a child's age, a house number. Warnings: words alone cannot be sure."""

import re
from collections.abc import Iterator

from mingtang.guard.findings import MOST, Finding
from mingtang.guard.plain import Lines

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗"
    "薛雷贺倪汤殷毕郝邬安常乐于傅齐康伍余顾孟黄穆萧尹姚邵汪祁毛狄戴宋庞熊纪舒项祝董梁杜阮蓝闵季贾江童颜郭梅林"
    "钟徐邱骆高夏蔡田樊胡凌霍虞万管卢莫丁邓洪石崔龚程邢裴陆荣翁段侯武刘龙叶黎白赖卓谭聂曾易廖文欧肖涂"
)
_WHO = "村民|居民|学生|患者|儿童|孤儿|户主|贫困户|低保户|低保对象|特困人员|救助对象|申请人|残疾人|老人"
_NAME = rf"(?:{_WHO})[{_SURNAMES}][\u3400-\u9fff]{{1,2}}?(?=[，,、（(因患系身的是男女今现])"
_ILLNESS = (
    "确诊|患有|身患|癌|尿毒症|白血病|精神病|精神分裂|艾滋|肝炎|肺结核|糖尿病|脑瘫|脑梗|中风|瘫痪|智力残疾|精神残疾|肢体残疾"
    "|视力残疾|听力残疾|[一二三四]级残疾|残疾[一二三四]级"
)
_ILL = re.compile(rf"{_NAME}[^。！？\n]{{0,30}}?(?P<illness>{_ILLNESS})")
_CHILD = re.compile(rf"{_NAME}[^。！？\n]{{0,16}}?(?<![0-9])(?:[0-9]|1[0-7])周?岁")
_HOME = re.compile(
    r"(?:家住|现住|住址|户籍地|居住地|家庭地址)[是为在:： ]{0,2}[^。，；\s]{2,30}?[0-9]{1,5}(?:号|室|栋|幢|单元)"
)


def find_persons(text: str, lines: Lines) -> Iterator[Finding]:
    """Each place where a person is named with an illness, as a child or with a home. ``text`` is read ``plain``.

    ``shown`` is the word that tells, never the name or the address.
    """
    count = 0
    for pattern, word, sentence in (
        (_ILL, "", "把姓名和病情、残疾写在一起，属于敏感个人信息；不是必须公开的请删去，或者遮住姓名"),
        (_CHILD, "年龄", "写了未成年人的姓名和年龄；请删去，或者遮住姓名"),
        (_HOME, "住址", "把住址写到了门牌；只写到村、社区就够了"),
    ):
        for found in pattern.finditer(text):
            count += 1
            if count > MOST:
                return
            message = f"第{lines.number(found.start())}行{sentence}，请核对。"
            yield Finding("person", "warn", found.span(), word or found["illness"], message)
