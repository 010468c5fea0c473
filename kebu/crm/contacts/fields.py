"""The contact's fields, in form order."""

from kebu.base.access.choices import FieldRule
from kebu.base.fields import days, formats
from kebu.base.fields.choices import Level, Sensitivity
from kebu.base.fields.fieldsets import Field, FieldSet, words
from kebu.base.fields.kinds import Choice, Text
from kebu.crm.contacts import choices
from kebu.crm.contacts.models import Contact

CONTACT, PERSONAL = Sensitivity.CONTACT, Sensitivity.PERSONAL

CONTACT_FIELDS = FieldSet(
    Contact,
    "contact",
    [
        Field(
            "name",
            Text(60),
            level=Level.REQUIRED,
            purpose="称呼，知道该找谁",
            example="王磊",
            synonyms=words(
                "联系人 联系人姓名 关键联系人 关键决策人 关键决策人姓名 关键联系人姓名 对接人 主要联系人 "
                "负责人姓名"
            ),
            strictest=FieldRule.VISIBLE,
        ),
        Field(
            "title",
            Text(60),
            purpose="知道他管什么",
            synonyms=words("职务 联系人职务 联系人职位 岗位 头衔"),
            example="采购经理",
            strictest=FieldRule.READ_ONLY,
        ),
        Field("department", Text(60), purpose="知道他在哪个部门", synonyms=words("部门 科室 联系人部门")),
        Field(
            "phone",
            formats.Phone(),
            sensitivity=CONTACT,
            purpose="打电话、发短信联系",
            synonyms=words("联系人手机 联系人电话"),
        ),
        Field(
            "email",
            formats.Email(),
            sensitivity=CONTACT,
            purpose="发邮件、寄送资料",
            synonyms=words("联系人邮箱"),
        ),
        Field("wechat", Text(60), sensitivity=CONTACT, purpose="微信联系", synonyms=words("联系人微信")),
        Field(
            "role",
            Choice(choices.DecisionRole, {"决策人": "decider", "使用人": "user"}),
            synonyms=words("角色"),
        ),
        Field(
            "preference",
            Choice(choices.Preference, {"邮箱": "email", "拜访": "meeting"}),
            synonyms=words("偏好"),
        ),
        Field(
            "birthday",
            days.BirthdayKind(),
            sensitivity=PERSONAL,
            purpose="生日祝福",
            synonyms=words("联系人生日"),
        ),
        Field("remark", Text(200)),
    ],
)
