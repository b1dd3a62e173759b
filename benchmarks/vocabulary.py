"""A generated vocabulary with the frequencies of a natural language: few words often, most rarely.

WORDS stands in order of frequency and is the same for every seed, so a search benchmark may take
a common, a middling and a rare word by its rank.
"""

from itertools import accumulate
from random import Random

SIZE = 5_000

_EVERYDAY = """
的 ， 我 是 支付 这个 不 了 可以 有 你 吗 就 没有 也 都 一个 要 银行 怎么 在 大家 们 什么 商户
还 说 好 这样 用户 现在 应该 需要 渠道 问题 那 会 和 。 系统 看 账户 交易 吧 如果 订单 自己 做
对 不是 知道 通道 接口 清算 但是 直接 一般 因为 所以 公司 呢 产品 平台 、 资金 ？ 机构 请 结算
手续费 到 时候 多少 对账 谢谢 业务 比较 流程 今天 收单 退款 给 其实 一下 代扣 很多 去 绑卡 风控
限额 余额 来 扫码 人 二维码 牌照 备付金 分账 账务 这边 那边 已经 然后 还是 只能 感觉 方案 数据
测试 收款 付款 转账 充值 提现 到账 ； 协议 证书 签名 回调 异步 同步 超时 重试 幂等 流水 凭证
科目 分录 借方 贷方 差错 调账 冲正 撤销 鉴权 实名 代付 快捷 网关 聚合 分期 消费 信用卡 借记卡
预付卡 钱包 红包 优惠券 积分 会员 营销 活动 费率 成本 利润 税务 发票 合同 监管 央行 文件 规定
合规 反洗钱 跨境 外汇 汇率 海外 牌子 上线 开发 架构 设计 文档 需求 项目 团队 经理 老板 同事 朋友
群主 新人 分享 讨论 主题 时间 明天 昨天 晚上 早上 中午 周一 周五 下班 加班 吃饭 天气 北边 城市
高铁 飞机 房子 孩子 学校 电影 音乐 跑步 周末 假期 电脑 手机 网络 数据库 缓存 消息 队列 分布式
事务 锁 日志 监控 报警 性能 并发 集群 容灾 备份 恢复 升级 版本 部署 脚本 配置 参数 字段 报文
加密 解密 密钥 终端 小票 打印 门店 收银 收银台 代理 代理商 服务商 进件 审核 资料 身份证 营业执照
开户 销户 冻结 解冻 挂失 查询 通知 短信 验证码 密码 指纹 人脸 安全 盗刷 欺诈 拒付 投诉 客服 电话
地址 物流 发货 收货
""".split()

_LATIN = """
API token POS T+1 D+0 APP H5 SDK ID PM App MQ DB SQL HTTP HTTPS JSON XML Java Spring Redis MySQL UAT
PCI DSS KYC AML B2B B2C P2P O2O ERP CRM SaaS OK ok QR NFC HCE EMV MCC ISO8583 RSA MD5 SHA256 AES TPS
QPS SLA CPU Linux Docker git wiki demo bug debug offline merchant order refund trace null true false
Q&A R&D M&A ＡＰＩ ＰＯＳ １００％ 0.38% 0.6% 1 2 3 5 10 20 50 100 200 500 1000 2017 2018 2000.00
24小时 3天 2类户 （一） （二） （不含税） ！ …… “通道” 《办法》 ：
""".split()

_CHARACTERS = (
    "一二三四五六七八九十上下左右中大小多少长短高低新旧前后内外东西南北天地山水火木金土日月星云风雨"
    "人手口心目耳头足身体家门户车船路桥田园林花草树叶果米面茶酒饭菜衣布鞋帽书笔纸画字文词句语言"
    "开关进出来去走跑飞停坐立起落看听说读写问答学教做作用动静生长成败得失买卖借还存取收付转汇算计"
    "数量价值利息本钱财货物品质类型号码名称单据票证章印信件邮局站点线面形式样法规则条约定期限时分秒"
    "年周季早晚先快慢轻重强弱好坏真假是非有无可能必须应该需要想知道明白清楚简单复杂完全部分整合并拆"
    "连接断续查找换改变化增减加乘除平均等级层次位置方向目标结果原因理由情况问题办公司法院校园区市县"
    "村镇国省州界际联合盟会议员工程师长官民众群组队列表格图像声音光电热力气能源网络端口程序代码库存"
)


def _coined(rng: Random, known: set[str]) -> list[str]:
    """Yield new words of one to four common characters until the vocabulary is full."""
    coined: list[str] = []
    while len(known) < SIZE:
        length = rng.choices((1, 2, 3, 4), (4, 66, 18, 12))[0]
        word = "".join(rng.choices(_CHARACTERS, k=length))
        if word not in known:
            known.add(word)
            coined.append(word)
    return coined


def _ranked() -> tuple[str, ...]:
    """Return everyday words first, with Latin, digits and punctuation scattered among the first thousand.

    A Latin word ends with a space, so that two in a row stay separate.
    """
    rng = Random("vocabulary")
    latin = [word + " " if word.isascii() else word for word in _LATIN]
    ranked = [*_EVERYDAY]
    ranked += _coined(rng, {*ranked, *latin})
    for word in latin:
        ranked.insert(rng.randint(30, 1_000), word)
    return tuple(ranked)


WORDS = _ranked()
_CUMULATIVE = tuple(accumulate(1 / (rank + 4) ** 1.05 for rank in range(len(WORDS))))
_NEVER_FIRST = "，。、；？：！… "


def sentence(rng: Random, length: int) -> str:
    """Return words of about `length` characters in all, never empty and never starting with punctuation."""
    words = rng.choices(WORDS, cum_weights=_CUMULATIVE, k=length * 3 // 4 + 1)
    return "".join(words).lstrip(_NEVER_FIRST)[:length].rstrip() or "嗯"
