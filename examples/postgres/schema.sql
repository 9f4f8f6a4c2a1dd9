-- What the regulator's system has already, before anything is drawn: companies,
-- shareholdings, inspectors and past inspections. The names are of the kind that such
-- systems have. Nothing here is changed by the draw; results.sql adds tables of its own.
CREATE SCHEMA scjg;
COMMENT ON SCHEMA scjg IS '市场监管业务库';

CREATE TABLE scjg.d_xzqh (
    code      varchar(9)   PRIMARY KEY CHECK (code ~ '^([0-9]{6}|[0-9]{9})$'),
    codename  varchar(64)  NOT NULL CHECK (codename <> ''),
    validfrom date,
    validto   date,
    succcode  varchar(9)   REFERENCES scjg.d_xzqh DEFERRABLE INITIALLY DEFERRED,
    CHECK (validfrom <= validto)
);
COMMENT ON TABLE  scjg.d_xzqh           IS '行政区划代码表（GB/T 2260），含已撤销的区划';
COMMENT ON COLUMN scjg.d_xzqh.code      IS '行政区划代码，6 位；乡镇街道 9 位';
COMMENT ON COLUMN scjg.d_xzqh.codename  IS '区划名称';
COMMENT ON COLUMN scjg.d_xzqh.validfrom IS '启用日期，空为不详';
COMMENT ON COLUMN scjg.d_xzqh.validto   IS '撤销前最后一日，空为现行';
COMMENT ON COLUMN scjg.d_xzqh.succcode  IS '撤销后并入的区划';

CREATE TABLE scjg.d_industry (
    industryco   varchar(4)  PRIMARY KEY CHECK (industryco ~ '^[0-9]{2,4}$'),
    industryphy  char(1)     NOT NULL CHECK (industryphy ~ '^[A-T]$'),
    industryname varchar(64) NOT NULL CHECK (industryname <> '')
);
COMMENT ON TABLE  scjg.d_industry              IS '国民经济行业代码表（GB/T 4754—2017）';
COMMENT ON COLUMN scjg.d_industry.industryco   IS '行业代码';
COMMENT ON COLUMN scjg.d_industry.industryphy  IS '行业门类';
COMMENT ON COLUMN scjg.d_industry.industryname IS '行业名称';

CREATE TABLE scjg.g_org (
    orgid    varchar(12) PRIMARY KEY,
    orgname  varchar(64) NOT NULL,
    parentid varchar(12) REFERENCES scjg.g_org,
    xzqh     varchar(9)  NOT NULL UNIQUE REFERENCES scjg.d_xzqh,
    orglevel smallint    NOT NULL CHECK (orglevel BETWEEN 2 AND 4)
);
COMMENT ON TABLE  scjg.g_org          IS '市场监管机构';
COMMENT ON COLUMN scjg.g_org.orgid    IS '机构编号';
COMMENT ON COLUMN scjg.g_org.orgname  IS '机构名称';
COMMENT ON COLUMN scjg.g_org.parentid IS '上级机构';
COMMENT ON COLUMN scjg.g_org.xzqh     IS '管辖区划';
COMMENT ON COLUMN scjg.g_org.orglevel IS '层级：2 市局，3 区县局，4 所';

CREATE TABLE scjg.e_baseinfo (
    pripid      bigint       PRIMARY KEY,
    uniscid     varchar(18)  NOT NULL,
    entname     varchar(256) NOT NULL,
    regstate    varchar(8)   NOT NULL,
    industryco  varchar(4),
    domdistrict varchar(9),
    estdate     varchar(10),
    riskclass   char(1)      NOT NULL DEFAULT 'B' CHECK (riskclass IN ('A', 'B', 'C', 'D'))
);
CREATE INDEX e_baseinfo_uniscid ON scjg.e_baseinfo (uniscid); -- not unique: see the column's comment
COMMENT ON TABLE  scjg.e_baseinfo             IS '市场主体基本信息';
COMMENT ON COLUMN scjg.e_baseinfo.pripid      IS '主体身份代码（内部主键）';
COMMENT ON COLUMN scjg.e_baseinfo.uniscid     IS '统一社会信用代码；迁移和并库的历史数据有重复、错码，未设唯一约束';
COMMENT ON COLUMN scjg.e_baseinfo.entname     IS '主体名称';
COMMENT ON COLUMN scjg.e_baseinfo.regstate    IS '登记状态：存续、在业、开业、吊销、注销等';
COMMENT ON COLUMN scjg.e_baseinfo.industryco  IS '行业代码';
COMMENT ON COLUMN scjg.e_baseinfo.domdistrict IS '住所所在行政区划，历史数据未按现行区划更新';
COMMENT ON COLUMN scjg.e_baseinfo.estdate     IS '成立日期，文本 YYYY-MM-DD，历史数据未校验';
COMMENT ON COLUMN scjg.e_baseinfo.riskclass   IS '信用风险分类：A 低，B 一般，C 较高，D 高';

CREATE TABLE scjg.e_notdraw (
    pripid  bigint      PRIMARY KEY REFERENCES scjg.e_baseinfo,
    reason  varchar(40) NOT NULL CHECK (reason ~ '^[^[:space:][:cntrl:]]+$'),
    docno   varchar(64) NOT NULL,
    validto date
);
COMMENT ON TABLE  scjg.e_notdraw         IS '暂不列入抽查名单';
COMMENT ON COLUMN scjg.e_notdraw.reason  IS '原因：立案调查、法院查封等';
COMMENT ON COLUMN scjg.e_notdraw.docno   IS '依据文号';
COMMENT ON COLUMN scjg.e_notdraw.validto IS '有效期止，空为长期';

CREATE TABLE scjg.r_person (
    personid bigint      PRIMARY KEY,
    pname    varchar(64) NOT NULL
);
COMMENT ON TABLE  scjg.r_person          IS '自然人';
COMMENT ON COLUMN scjg.r_person.personid IS '自然人内部编号（不用证件号码）';
COMMENT ON COLUMN scjg.r_person.pname    IS '姓名';

CREATE TABLE scjg.e_inv (
    invid        bigint PRIMARY KEY,
    pripid       bigint NOT NULL REFERENCES scjg.e_baseinfo,
    inv_personid bigint REFERENCES scjg.r_person,
    inv_pripid   bigint REFERENCES scjg.e_baseinfo,
    conprop      numeric(7,4) NOT NULL CHECK (conprop > 0 AND conprop <= 100),
    CHECK (num_nonnulls(inv_personid, inv_pripid) = 1)
);
CREATE INDEX e_inv_person ON scjg.e_inv (inv_personid) WHERE inv_personid IS NOT NULL;
CREATE INDEX e_inv_entity ON scjg.e_inv (inv_pripid) WHERE inv_pripid IS NOT NULL;
COMMENT ON TABLE  scjg.e_inv              IS '股东及出资';
COMMENT ON COLUMN scjg.e_inv.pripid       IS '被投资主体';
COMMENT ON COLUMN scjg.e_inv.inv_personid IS '自然人股东';
COMMENT ON COLUMN scjg.e_inv.inv_pripid   IS '法人股东';
COMMENT ON COLUMN scjg.e_inv.conprop      IS '出资比例（%）';

CREATE TABLE scjg.e_priperson (
    ppid     bigint      PRIMARY KEY,
    pripid   bigint      NOT NULL REFERENCES scjg.e_baseinfo,
    personid bigint      NOT NULL REFERENCES scjg.r_person,
    position varchar(16) NOT NULL
);
CREATE INDEX e_priperson_person ON scjg.e_priperson (personid);
COMMENT ON TABLE  scjg.e_priperson          IS '主要人员';
COMMENT ON COLUMN scjg.e_priperson.position IS '职务：法定代表人、董事、经理等';

CREATE TABLE scjg.z_inspector (
    rybh     varchar(20) PRIMARY KEY CHECK (rybh ~ '^[0-9A-Z-]+$'),
    personid bigint      NOT NULL UNIQUE REFERENCES scjg.r_person,
    orgid    varchar(12) NOT NULL REFERENCES scjg.g_org,
    zzzt     varchar(4)  NOT NULL CHECK (zzzt IN ('在岗', '休假', '停职', '调离', '退休')),
    zzzg     boolean     NOT NULL,
    maxtask  smallint    NOT NULL CHECK (maxtask BETWEEN 0 AND 100),
    carried  smallint    NOT NULL DEFAULT 0 CHECK (carried BETWEEN 0 AND 2)
);
COMMENT ON TABLE  scjg.z_inspector          IS '执法检查人员名录库';
COMMENT ON COLUMN scjg.z_inspector.rybh     IS '人员编号';
COMMENT ON COLUMN scjg.z_inspector.personid IS '自然人编号';
COMMENT ON COLUMN scjg.z_inspector.orgid    IS '所在机构';
COMMENT ON COLUMN scjg.z_inspector.zzzt     IS '在职状态';
COMMENT ON COLUMN scjg.z_inspector.zzzg     IS '组长资格';
COMMENT ON COLUMN scjg.z_inspector.maxtask  IS '本轮最多承担户数';
COMMENT ON COLUMN scjg.z_inspector.carried  IS '上轮多承担、结转本轮的户数';

CREATE TABLE scjg.z_certificate (
    zsid      bigint      PRIMARY KEY,
    rybh      varchar(20) NOT NULL REFERENCES scjg.z_inspector,
    zslx      varchar(16) NOT NULL,
    zsbh      varchar(32) NOT NULL UNIQUE,
    validfrom date        NOT NULL,
    validto   date        NOT NULL CHECK (validfrom <= validto)
);
CREATE INDEX z_certificate_rybh ON scjg.z_certificate (rybh);
COMMENT ON TABLE  scjg.z_certificate           IS '执法人员证书';
COMMENT ON COLUMN scjg.z_certificate.zslx      IS '证书类型：行政执法证等';
COMMENT ON COLUMN scjg.z_certificate.zsbh      IS '证书编号';
COMMENT ON COLUMN scjg.z_certificate.validfrom IS '有效期起';
COMMENT ON COLUMN scjg.z_certificate.validto   IS '有效期止';

CREATE TABLE scjg.z_kinship (
    sbid        bigint     PRIMARY KEY,
    personid    bigint     NOT NULL REFERENCES scjg.r_person,
    relpersonid bigint     NOT NULL REFERENCES scjg.r_person,
    relation    varchar(8) NOT NULL CHECK (relation IN ('配偶', '父母', '子女', '兄弟姐妹')),
    sbrq        date       NOT NULL,
    CHECK (personid <> relpersonid)
);
CREATE INDEX z_kinship_person ON scjg.z_kinship (personid);
CREATE INDEX z_kinship_relperson ON scjg.z_kinship (relpersonid);
COMMENT ON TABLE  scjg.z_kinship             IS '执法人员亲属关系申报';
COMMENT ON COLUMN scjg.z_kinship.personid    IS '申报人或其亲属';
COMMENT ON COLUMN scjg.z_kinship.relpersonid IS '上一人的近亲属';
COMMENT ON COLUMN scjg.z_kinship.relation    IS '后者是前者的何种亲属';
COMMENT ON COLUMN scjg.z_kinship.sbrq        IS '申报日期';

CREATE TABLE scjg.z_resume (
    llid   bigint      PRIMARY KEY,
    rybh   varchar(20) NOT NULL REFERENCES scjg.z_inspector,
    pripid bigint      NOT NULL REFERENCES scjg.e_baseinfo,
    post   varchar(32) NOT NULL,
    dateto date
);
COMMENT ON TABLE  scjg.z_resume        IS '执法人员曾任职单位';
COMMENT ON COLUMN scjg.z_resume.pripid IS '任职的市场主体';
COMMENT ON COLUMN scjg.z_resume.post   IS '岗位';
COMMENT ON COLUMN scjg.z_resume.dateto IS '离职日期，空为仍兼职';

CREATE TABLE scjg.z_recusal (
    sqid   bigint       PRIMARY KEY,
    rybh   varchar(20)  NOT NULL REFERENCES scjg.z_inspector,
    pripid bigint       NOT NULL REFERENCES scjg.e_baseinfo,
    reason varchar(200) NOT NULL CHECK (reason <> ''),
    sqrq   date         NOT NULL
);
COMMENT ON TABLE  scjg.z_recusal        IS '执法人员自行申请回避';
COMMENT ON COLUMN scjg.z_recusal.reason IS '回避事由';
COMMENT ON COLUMN scjg.z_recusal.sqrq   IS '申请日期';

CREATE TABLE scjg.i_inspection (
    insid   bigint     PRIMARY KEY,
    pripid  bigint     NOT NULL REFERENCES scjg.e_baseinfo,
    round   integer    NOT NULL CHECK (round > 0),
    insdate date       NOT NULL,
    insform varchar(8) NOT NULL CHECK (insform IN ('双随机', '专项检查', '投诉举报'))
);
CREATE INDEX i_inspection_entity ON scjg.i_inspection (pripid, insdate);
CREATE INDEX i_inspection_round ON scjg.i_inspection (round);
COMMENT ON TABLE  scjg.i_inspection         IS '检查记录';
COMMENT ON COLUMN scjg.i_inspection.round   IS '批次，按季度连续编号';
COMMENT ON COLUMN scjg.i_inspection.insdate IS '检查日期';
COMMENT ON COLUMN scjg.i_inspection.insform IS '检查形式';

CREATE TABLE scjg.i_inspector (
    insid bigint      NOT NULL REFERENCES scjg.i_inspection,
    rybh  varchar(20) NOT NULL REFERENCES scjg.z_inspector,
    PRIMARY KEY (insid, rybh)
);
COMMENT ON TABLE scjg.i_inspector IS '检查记录的检查人员';
