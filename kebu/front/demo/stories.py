"""What was said with a customer: one line per visit or call, in the order a sale goes."""

from typing import NamedTuple


class Scene(NamedTuple):
    """One contact: how, what was said, and what came of it. {need} and {business} are filled per customer."""

    method: str
    summary: str
    feedback: str = ""
    objections: str = ""
    our_promise: str = ""
    their_promise: str = ""
    next_step: str = ""


# By the code of the stage the customer is in when it is said.
SCENES: dict[str, tuple[Scene, ...]] = {
    "first_contact": (
        Scene(
            "phone",
            "第一次通电话，介绍了我们的{need}方案，对方做{business}，目前还是人工。",
            "有兴趣，让发资料",
            next_step="发公司资料",
        ),
        Scene(
            "wechat",
            "展会后加了微信，发了{need}的案例视频。",
            "看过视频，问价格区间",
            next_step="打电话了解现状",
        ),
        Scene("phone", "前台转到采购，说这类项目由生产部提需求。", next_step="联系生产部负责人"),
        Scene("email", "发了公司介绍和两个同行案例。", next_step="电话确认是否收到"),
        Scene("visit", "顺路拜访，见到门卫登记的联系人，留了样册。", "让下周再约", next_step="约正式拜访"),
    ),
    "need_analysis": (
        Scene(
            "visit",
            "到厂看了现场，瓶颈在{need}，每月退货6至8批。",
            "希望年底前上线",
            their_promise="提供三个月的不良数据",
            next_step="收数据做初步分析",
        ),
        Scene(
            "phone",
            "核对了需求清单，{need}是第一位，预算要等下季度批。",
            objections="预算没有批下来",
            next_step="下季度初再确认预算",
        ),
        Scene(
            "online",
            "和技术、质量两个部门开会，确认了{need}的验收标准。",
            "要求先做样件测试",
            our_promise="两周内给样件测试结果",
            next_step="安排样件测试",
        ),
        Scene("wechat", "对方发来现场照片，问现有设备能不能兼容。", next_step="请技术支持回复兼容性"),
    ),
    "proposal": (
        Scene(
            "online",
            "讲了第一版方案，{need}分两期做。",
            "一期范围可以，二期要再看",
            objections="担心停线时间太长",
            our_promise="补一页切换计划",
            next_step="发修改后的方案",
        ),
        Scene(
            "visit",
            "现场和设备工程师过了安装位置和网络。",
            "空间够，供电要改",
            their_promise="确认供电改造时间",
            next_step="更新方案图纸",
        ),
        Scene("email", "发出方案V2，附切换计划和同行验收报告。", next_step="电话问方案意见"),
    ),
    "quotation": (
        Scene("email", "发出正式报价，含一年维保和两次培训。", next_step="确认报价是否收到"),
        Scene(
            "phone",
            "对方说比另一家高一成，但认可交期。",
            objections="价格偏高",
            our_promise="周五前给修订报价",
            next_step="发修订报价单",
        ),
        Scene("wechat", "问付款方式能不能三七改成分三期。", next_step="请示付款条件"),
    ),
    "negotiation": (
        Scene(
            "visit",
            "和总经理谈价，账期从30天改到60天，并要一台备用机。",
            "条件同意就走合同",
            objections="同行给到90天账期",
            their_promise="下周批付款条件",
            next_step="发合同初稿",
        ),
        Scene(
            "phone",
            "采购说合同法务在审，违约条款要改。",
            our_promise="三天内回复条款修改",
            next_step="回复合同条款",
        ),
        Scene("online", "三方会议确认交付节点和验收方法。", "总体同意", next_step="约签约时间"),
    ),
    "signing": (
        Scene(
            "phone",
            "合同已走到盖章环节，财务在排预付款。",
            "本周能盖章",
            their_promise="本周内寄出合同",
            next_step="跟进合同寄回",
        ),
        Scene("visit", "当面确认了合同附件，约定开工日期。", next_step="收合同原件"),
    ),
    "won": (
        Scene("visit", "合同签了，开工会确认了双方对接人。", "对进度满意", next_step="季度回访"),
        Scene(
            "phone",
            "季度回访，{need}用得稳定，质量主管希望报表能按班次看。",
            "建议增加班次报表",
            our_promise="下个版本评估班次报表",
            next_step="下季度回访",
        ),
        Scene("wechat", "节前问候，提醒维保到期时间。", "客户回复谢谢", next_step="谈续保"),
        Scene(
            "phone", "问明年的采购计划，二厂也想上{need}。", "二厂明年一季度立项", next_step="约二厂现场调研"
        ),
    ),
    "lost": (
        Scene("phone", "对方说项目暂停，今年不再投入。", "以后有机会再联系", objections="预算取消"),
        Scene("wechat", "得知已选了本地供应商，主要是价格原因。", objections="价格偏高"),
    ),
}

STAGE_ORDER = ("first_contact", "need_analysis", "proposal", "quotation", "negotiation", "signing", "won")
