"""Other names under which sheets in use head the columns of our registers; data, not rules.

Sources: headings of public school templates (asset import, staff, health, wages) and the ledgers named in the domain notes.
A name stands here only where it can mean nothing else in a sheet of that register.
"""

from collections.abc import Mapping
from typing import Final

_PERSON: Final = ("教师姓名", "教职工姓名", "人员姓名", "职工姓名")

FIELDS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "school": {
        "name": ("学校", "单位名称", "学校全称", "校名"),
        "code": ("标识码", "学校代码", "机构代码", "学校(机构)标识码"),
        "school_type": ("学校类型", "类型", "办学类型代码"),
        "area_type": ("城乡分类", "城乡属性"),
        "sponsor": ("举办者", "举办者类型"),
        "township": ("乡镇", "所属乡镇", "街道"),
        "address": ("学校地址", "详细地址"),
        "principal": ("校长姓名", "负责人", "法人代表"),
        "office_phone": ("联系电话", "办公电话", "电话"),
    },
    "school_year": {
        "stat_year": ("年度", "学年度", "学年", "年份"),
        "level": ("学段层次", "学校层次"),
        "pupils": ("学生数", "学生人数", "在校生数", "在校学生", "学生总数"),
        "classes": ("班级数", "班数", "教学班"),
        "staff_total": ("教职工数", "教职工人数"),
        "teachers": ("教师数", "专任教师", "专任教师人数"),
        "teachers_above_required": ("高于规定学历教师数",),
        "teachers_middle_title": ("中级及以上专业技术职务教师数", "中级及以上职称教师数"),
        "teachers_backbone": ("骨干教师数", "县级及以上骨干教师数"),
        "area_teaching": ("教学及辅助用房", "教学及教学辅助用房面积", "教学辅助用房面积"),
        "area_indoor_sport": ("室内体育用房面积",),
        "area_gym": ("体育馆",),
        "area_field": ("体育场面积", "运动场地面积", "校内体育场"),
        "equipment_value": ("教学仪器设备资产值", "教学仪器设备值账面原值", "仪器设备值"),
        "computers": ("计算机台数", "计算机数", "教学用计算机台数", "电脑台数"),
        "books": ("图书册数", "图书总册数", "藏书量"),
        "multimedia_rooms": ("多媒体教室", "多媒体教室数", "网络多媒体教室数"),
    },
    "room": {
        "name": ("房间", "教室名称", "场所名称", "用房名称", "室名"),
        "room_no": ("房号", "房间号", "门牌号", "教室编号"),
        "building": ("楼栋", "教学楼", "楼名", "建筑物"),
        "floor": ("层", "所在楼层"),
        "room_type": ("房间用途", "房间类型", "类型"),
        "area": ("面积", "建筑面积"),
        "seats": ("座位", "容纳人数"),
        "keeper": ("管理员", "责任人"),
    },
    "staff": {
        "name": _PERSON,
        "birth": ("出生日期", "出生年月日", "生日"),
        "staff_no": ("教职工号", "工号", "教工号", "编号"),
        "category": ("人员类别", "类别"),
        "post": ("岗位名称", "工作岗位"),
        "duty": ("行政职务", "职务角色"),
        "establishment": ("编制", "是否在编", "编制情况"),
        "home_school": ("编制所在单位", "编制学校"),
        "teaching_school": ("任教学校",),
        "level": ("学段", "所授年级", "任教年级"),
        "subject": ("任教学科", "教授科目", "主教课程", "主教学科目", "学科", "任教科目"),
        "other_subject": ("兼教课程", "兼任学科"),
        "work_since": ("参加工作年月", "参加工作日期", "工作时间"),
        "teach_since": ("从教年月", "任教时间"),
        "here_since": ("进本校年月", "到校时间", "来校年月", "入校时间"),
        "education": ("学历", "获得学历", "文化程度"),
        "degree": ("学位", "学位层次"),
        "major": ("专业", "毕业专业"),
        "title": ("职称", "现有职称", "专业技术职务"),
        "title_date": ("职称聘用时间", "职称评定时间", "评聘时间"),
        "backbone": ("骨干教师", "骨干级别", "是否县级及以上骨干教师"),
        "certified": ("持证上岗", "是否持证", "教师资格"),
        "hours_5y": ("培训学时", "五年培训学时"),
        "state": ("人员状态", "在岗状态", "状态"),
        "id_number": ("身份证", "身份证号", "身份证号码", "居民身份证号", "证件号码", "公民身份证号"),
        "phone": ("手机", "手机号码", "移动电话", "联系方式", "联系电话"),
        "marriage": ("婚否",),
        "address": ("住址", "现住址", "家庭地址"),
        "emergency_phone": ("紧急联系人电话",),
    },
    "equipment": {
        "asset_no": ("编号", "设备编号", "资产编码", "资产号", "卡片编号", "资产卡片编号", "固定资产编号", "财产编号"),
        "name": ("名称", "设备名称", "物品名称", "器材名称", "仪器名称", "固定资产名称", "品名"),
        "class_code": ("资产分类", "分类", "资产分类代码", "国标分类", "分类编码", "资产大类代码"),
        "item": ("目录品目", "配备品目"),
        "instrument_no": ("仪器编号", "器材编号"),
        "spec": ("规格", "型号", "规格、型号", "型号及规格", "规格及型号", "型号规格", "规格/型号"),
        "brand": ("商标",),
        "serial": ("序列号", "出厂号", "机身号", "设备序列号", "sn"),
        "asset_kind": ("资产类型",),
        "acquired": ("来源", "取得途径", "资产来源", "增加方式", "购置方式"),
        "fund": ("资金来源", "经费渠道", "经费科目"),
        "purchase_form": ("采购组织形式", "采购方式"),
        "bought": (
            "购置时间",
            "取得日期",
            "取得时间",
            "购入日期",
            "购入时间",
            "购买日期",
            "购买时间",
            "入账日期",
            "购置年月",
            "采购日期",
        ),
        "used_since": ("投入使用日期", "启用时间", "使用日期", "投入使用时间"),
        "supplier": ("供应商", "供货商", "供货厂家", "经销商"),
        "voucher": ("发票号", "会计凭证号", "发票/凭证号", "记账凭证号", "凭证"),
        "unit": ("单位", "数量单位"),
        "quantity": ("台数", "件数", "账面数量", "数目"),
        "price": ("物品单价", "单价元", "价格"),
        "original_value": ("金额", "总价", "价值", "总金额", "账面原值", "资产原值", "总值", "金额(原值)", "原价"),
        "life_years": ("计划使用年限", "使用年限", "预计使用年限", "年限"),
        "depreciation": ("折旧",),
        "depreciated": ("累计折旧额",),
        "net_value": ("账面净值", "净额"),
        "room": ("存放位置", "放置地点", "所在位置", "使用地点", "存放场所", "地点", "存放地", "使用场所", "室号"),
        "place": ("位置",),
        "department": ("使用部门", "部门", "使用(管理)部门", "管理使用部门", "资产分组"),
        "keeper": ("使用人", "责任人", "管理人", "保管员", "领用人"),
        "use_state": ("状态", "现状", "使用状态", "资产状态", "设备状态"),
        "use_for": ("用途", "使用用途"),
        "warranty_until": ("保修期", "保修截止", "质保期至"),
        "remark": ("物品描述", "说明"),
    },
    "safety_check": {
        "check_date": ("日期", "检查时间"),
        "inspector": ("检查员", "巡查人"),
        "leader": ("值班领导", "带班人"),
        "remark": ("处理", "备注"),
    },
    "hazard": {
        "number": ("编号", "序号"),
        "found": ("发现日期", "发现时间", "排查时间", "检查日期"),
        "category": ("隐患类别", "隐患类型"),
        "place": ("隐患部位", "地点", "位置"),
        "description": ("存在问题", "隐患内容", "问题描述", "安全隐患", "隐患情况"),
        "level": ("隐患等级", "隐患级别"),
        "state": ("整改情况", "隐患状态"),
        "measures": ("措施",),
        "person": ("整改责任人",),
        "due": ("整改期限", "完成时限", "限期"),
        "fixed": ("完成日期", "整改时间", "整改日期"),
    },
    "drill": {
        "drill_date": ("日期", "演练时间"),
        "drill_type": ("演练内容", "演练项目", "类型"),
        "pupils": ("学生人数", "参加学生数"),
        "adults": ("教师人数", "参加教师"),
    },
    "health_consent": {
        "person": ("姓名", *_PERSON),
        "signed": ("签字日期", "同意日期"),
    },
    "checkup": {
        "stat_year": ("年度", "学年度", "体检年度"),
        "person": ("姓名", *_PERSON),
        "exam_date": ("检查日期", "体检时间"),
        "institution": ("体检机构", "体检医院", "医院"),
        "report_no": ("体检编号", "体检号"),
    },
}
"""Register → field → other headings."""

ITEMS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "health_item": {
        "GEN05": ("心率", "脉搏"),
        "BP01": ("高压", "sbp"),
        "BP02": ("低压", "dbp"),
        "EYE01": ("右视力", "右眼视力", "视力右", "裸眼视力右", "视力/右"),
        "EYE02": ("左视力", "左眼视力", "视力左", "裸眼视力左", "视力/左"),
        "GLU01": ("血糖", "葡萄糖", "glu"),
        "LIP01": ("胆固醇", "cho", "chol"),
        "LIP02": ("tg",),
    },
}
"""Catalogue of items → code → other headings of a wide sheet."""

SPLIT: Final[Mapping[str, Mapping[str, tuple[str, tuple[str, ...]]]]] = {
    "health_item": {"血压": ("/", ("BP01", "BP02")), "血压值": ("/", ("BP01", "BP02"))},
}
"""Catalogue of items → heading of a column with several values in a cell → (separator, item codes in order)."""

OTHERWISE: Final[Mapping[tuple[str, str], str]] = {("equipment", "room"): "place"}
"""(register, link field) → text field that keeps the words where they name no record: a place that is not a room."""
