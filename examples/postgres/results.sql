-- What the draw adds to the system: views that say what is read of its tables, and tables
-- for what comes of it. A system with other tables changes the views and nothing else.
-- It may be run again: what is there already stays.
CREATE SCHEMA IF NOT EXISTS ssj;
COMMENT ON SCHEMA ssj IS '双随机抽查';

-- The code by which a company goes in a draw: the importer folds full-width and lower-case
-- letters, and so must whatever is to be compared with its IDs.
CREATE OR REPLACE VIEW ssj.v_code AS
SELECT pripid, upper(normalize(uniscid, NFKC)) AS code FROM scjg.e_baseinfo;
COMMENT ON VIEW ssj.v_code IS '主体身份代码与规范化的统一社会信用代码';

-- One row for each company, on the day that the setting ssj.day names.
CREATE OR REPLACE VIEW ssj.v_entity AS
SELECT b.pripid, b.uniscid, b.entname, b.regstate, b.industryco,
       coalesce(b.domdistrict, substr(b.uniscid, 3, 6)) AS division,
       b.estdate, i.lastdate, b.riskclass, i.visits
FROM scjg.e_baseinfo b
LEFT JOIN (
    SELECT pripid, max(insdate) AS lastdate,
           count(*) FILTER (WHERE insdate >= (SELECT date_trunc('year', current_setting('ssj.day')::date)::date)) AS visits
    FROM scjg.i_inspection
    WHERE insdate <= (SELECT current_setting('ssj.day')::date)
    GROUP BY pripid
) i USING (pripid);
COMMENT ON VIEW ssj.v_entity IS '参加抽取的市场主体：含最近检查日期和本年检查次数';

-- The natural persons so many degrees from an inspector, inspectors included.
CREATE OR REPLACE FUNCTION ssj.f_near(degrees integer) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE near (personid, degree) AS (
        SELECT personid, 0 FROM scjg.z_inspector
        UNION
        SELECT k.b, n.degree + 1
        FROM near n JOIN (
            SELECT personid AS a, relpersonid AS b FROM scjg.z_kinship
            UNION ALL
            SELECT relpersonid, personid FROM scjg.z_kinship
        ) k ON k.a = n.personid
        WHERE n.degree < degrees
    )
    SELECT DISTINCT personid FROM near
$$;
COMMENT ON FUNCTION ssj.f_near IS '执法人员及其若干亲等以内的亲属';

CREATE TABLE IF NOT EXISTS ssj.draw (
    noticeno   varchar(64) CONSTRAINT draw_pkey PRIMARY KEY,
    day        date        NOT NULL,
    round      integer     NOT NULL,
    snapshot   text        NOT NULL,
    madeat     timestamptz NOT NULL DEFAULT now(),
    noticeid   bytea       NOT NULL CHECK (length(noticeid) = 32),
    frameroot  bytea       NOT NULL CHECK (length(frameroot) = 32),
    planid     bytea       NOT NULL CONSTRAINT draw_plan_key UNIQUE CHECK (length(planid) = 32),
    seed       bytea       NOT NULL CHECK (length(seed) = 32),
    resulthash bytea       NOT NULL CHECK (length(resulthash) = 32),
    rosterhash bytea       NOT NULL CHECK (length(rosterhash) = 32),
    units      bigint      NOT NULL CHECK (units > 0),
    drawn      bigint      NOT NULL CHECK (drawn BETWEEN 0 AND units)
);
COMMENT ON TABLE  ssj.draw            IS '抽取；一份公告只抽一次';
COMMENT ON COLUMN ssj.draw.noticeno   IS '公告文号';
COMMENT ON COLUMN ssj.draw.day        IS '名录截止日';
COMMENT ON COLUMN ssj.draw.round      IS '批次';
COMMENT ON COLUMN ssj.draw.snapshot   IS '读取名录的数据库快照';
COMMENT ON COLUMN ssj.draw.noticeid   IS '公告文本的哈希';
COMMENT ON COLUMN ssj.draw.frameroot  IS '抽样框的默克尔根';
COMMENT ON COLUMN ssj.draw.planid     IS '抽取方案文本的哈希；同一方案不得重抽';
COMMENT ON COLUMN ssj.draw.seed       IS '随机种子';
COMMENT ON COLUMN ssj.draw.resulthash IS '抽取结果文本的哈希';
COMMENT ON COLUMN ssj.draw.rosterhash IS '派员名单文本的哈希';
COMMENT ON COLUMN ssj.draw.units      IS '抽样框主体数';
COMMENT ON COLUMN ssj.draw.drawn      IS '抽中主体数';

CREATE TABLE IF NOT EXISTS ssj.draw_stratum (
    noticeno varchar(64) NOT NULL REFERENCES ssj.draw,
    stratum  varchar(64) NOT NULL,
    units    bigint      NOT NULL,
    weight   bigint      NOT NULL,
    quota    text        NOT NULL,
    drawn    bigint      NOT NULL,
    PRIMARY KEY (noticeno, stratum)
);
COMMENT ON TABLE  ssj.draw_stratum         IS '各层（主管机构）的应抽与实抽';
COMMENT ON COLUMN ssj.draw_stratum.stratum IS '层，即主管机构编号';
COMMENT ON COLUMN ssj.draw_stratum.weight  IS '权重合计';
COMMENT ON COLUMN ssj.draw_stratum.quota   IS '应抽数，分数';

CREATE TABLE IF NOT EXISTS ssj.draw_unit (
    noticeno varchar(64) NOT NULL REFERENCES ssj.draw,
    uniscid  varchar(18) NOT NULL,
    pripid   bigint      NOT NULL REFERENCES scjg.e_baseinfo,
    stratum  varchar(64) NOT NULL,
    weight   bigint      NOT NULL,
    chance   text        NOT NULL,
    rank     bigint      NOT NULL CHECK (rank > 0),
    reserve  boolean     NOT NULL,
    PRIMARY KEY (noticeno, uniscid),
    FOREIGN KEY (noticeno, stratum) REFERENCES ssj.draw_stratum
);
COMMENT ON TABLE  ssj.draw_unit         IS '抽中和候补的主体';
COMMENT ON COLUMN ssj.draw_unit.chance  IS '抽中概率，分数';
COMMENT ON COLUMN ssj.draw_unit.rank    IS '同层同权主体中的名次';
COMMENT ON COLUMN ssj.draw_unit.reserve IS '候补';

CREATE TABLE IF NOT EXISTS ssj.draw_seat (
    noticeno varchar(64) NOT NULL,
    uniscid  varchar(18) NOT NULL,
    seat     smallint    NOT NULL CHECK (seat > 0),
    rybh     varchar(20) NOT NULL REFERENCES scjg.z_inspector,
    PRIMARY KEY (noticeno, uniscid, seat),
    UNIQUE (noticeno, uniscid, rybh),
    FOREIGN KEY (noticeno, uniscid) REFERENCES ssj.draw_unit
);
COMMENT ON TABLE  ssj.draw_seat      IS '派员名单';
COMMENT ON COLUMN ssj.draw_seat.seat IS '席位：1 组长，2 组员';

CREATE TABLE IF NOT EXISTS ssj.draw_refusal (
    noticeno varchar(64) NOT NULL,
    uniscid  varchar(18) NOT NULL,
    reason   text        NOT NULL,
    PRIMARY KEY (noticeno, uniscid),
    FOREIGN KEY (noticeno, uniscid) REFERENCES ssj.draw_unit
);
COMMENT ON TABLE  ssj.draw_refusal        IS '无法组成检查组的主体';
COMMENT ON COLUMN ssj.draw_refusal.reason IS '理由：人员不足的证明';

CREATE TABLE IF NOT EXISTS ssj.draw_recusal (
    noticeno varchar(64) NOT NULL REFERENCES ssj.draw,
    uniscid  varchar(18) NOT NULL,
    rybh     varchar(20) NOT NULL REFERENCES scjg.z_inspector,
    rule     varchar(16) NOT NULL,
    evidence text[]      NOT NULL CHECK (cardinality(evidence) > 0),
    PRIMARY KEY (noticeno, uniscid, rybh, rule)
);
COMMENT ON TABLE  ssj.draw_recusal          IS '回避：检查人员不得检查的主体，及其依据';
COMMENT ON COLUMN ssj.draw_recusal.rule     IS '规则：kinship 亲属、shareholding 持股、former-employer 曾任职、declared 自行申请、rotation 轮换';
COMMENT ON COLUMN ssj.draw_recusal.evidence IS '依据的数据行：表名和主键';

CREATE TABLE IF NOT EXISTS ssj.draw_problem (
    noticeno varchar(64)  NOT NULL REFERENCES ssj.draw,
    rowno    bigint       NOT NULL,
    uniscid  varchar(64)  NOT NULL,
    kind     varchar(32)  NOT NULL,
    problem  text         NOT NULL
);
CREATE INDEX IF NOT EXISTS draw_problem_notice ON ssj.draw_problem (noticeno, kind);
COMMENT ON TABLE  ssj.draw_problem         IS '读取名录时发现的数据问题';
COMMENT ON COLUMN ssj.draw_problem.rowno   IS '按主体身份代码排序的行号';
COMMENT ON COLUMN ssj.draw_problem.uniscid IS '代码，按原样，可能有误';
COMMENT ON COLUMN ssj.draw_problem.kind    IS '问题种类：code-check 校验码错、duplicate-id 重复、bad-date 日期错等';

CREATE TABLE IF NOT EXISTS ssj.draw_file (
    noticeno  varchar(64)  NOT NULL REFERENCES ssj.draw,
    filename  varchar(255) NOT NULL CHECK (filename ~ '^[^/].*$' AND filename !~ '(^|/)\.\.?(/|$)'),
    published boolean      NOT NULL,
    content   bytea        NOT NULL,
    sha256    bytea        NOT NULL GENERATED ALWAYS AS (sha256(content)) STORED,
    PRIMARY KEY (noticeno, filename)
);
COMMENT ON TABLE  ssj.draw_file           IS '公告、承诺、结果等公开文件，逐字节保存';
COMMENT ON COLUMN ssj.draw_file.published IS '是否公开；回避名单只供审计';
