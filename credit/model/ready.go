package model

// mustParse reads a text of this file.
func mustParse(text string) *Model {
	m, err := Parse([]byte(text))
	if err != nil {
		panic("model: ready-made " + err.Error()) // a test reads them all
	}
	return m
}

const fhrs = `doublerandom/risk-model/v1
model fhrs version 1 from 2010-11-30 to open
title UK Food Hygiene Rating Scheme, Brand Standard; rates and weights are examples
facts of latest visit
term hygiene points 0,5,10,15,20,25 once
term structural points 0,5,10,15,20,25 once
term confidence-in-management points 0,5,10,20,30 once
class 5 total at most 15 each term at most 5 rate 10000 weight 1
class 4 total at most 20 each term at most 10 rate 20000 weight 2
class 3 total at most 30 each term at most 10 rate 50000 weight 5
class 2 total at most 40 each term at most 15 rate 100000 weight 10
class 1 total at most 50 each term at most 20 rate 200000 weight 20
class 0 otherwise rate 300000 weight 30
`

// FHRS returns the model of the UK's Food Hygiene Rating Scheme, whose classes are the ratings 5
// (very good) to 0 (urgent improvement necessary). The three scores that an officer gives by the
// Food Law Code of Practice, one fact each with the terms hygiene, structural and
// confidence-in-management, are banded by their sum and their largest as the Brand Standard of
// the Food Standards Agency says. An entity without an inspection has no rating, but a
// [*NoVisitError]. The scheme states no draw rates and weights: those here are examples.
func FHRS() *Model { return mustParse(fhrs) }

const nyc = `doublerandom/risk-model/v1
model nyc-letter-grade version 1 from 2010-07-28 to open
title New York City letter grades for restaurants, 24 RCNY chapter 23; rates and weights are examples
facts of latest visit
term public-health-hazard points 0,7..100
term critical points 0,5..100
term general points 0,2..100
class A total at most 13 rate 20000 weight 1
class B total at most 27 rate 100000 weight 5
class C otherwise rate 300000 weight 15
`

// NYC returns the model of New York City's letter grades for restaurants: the points of the
// violations of the latest inspection are added up, up to 13 is an A, up to 27 a B, more a C. A
// public health hazard has at least 7 points, a critical violation 5, a general one 2; that none
// has more than 100 is a limit of this table. An inspection without violations is a fact of 0
// points. The city states no draw rates and weights: those here are examples.
func NYC() *Model { return mustParse(nyc) }

const fmcsa = `doublerandom/risk-model/v1
model fmcsa-basics version 1 from 2021-08-01 to open
title After the SMS Methodology 3.12 of the US FMCSA: time and severity weights; classes, rates and weights are examples
facts all
times sms within 6 months 3; within 12 months 2; within 24 months 1; else 0
term unsafe-driving points 1..12 visit at most 30 weighted sms
term hours-of-service points 1..12 visit at most 30 weighted sms
term driver-fitness points 1..12 visit at most 30 weighted sms
term controlled-substances points 1..12 visit at most 30 weighted sms
term vehicle-maintenance points 1..12 visit at most 30 weighted sms
term hazardous-materials points 1..12 visit at most 30 weighted sms
term crash-indicator points 1..3 weighted sms
class low total at most 30 each term at most 20 rate 10000 weight 1
class medium total at most 120 each term at most 60 rate 50000 weight 5
class high otherwise rate 200000 weight 20
`

// FMCSA returns a model with the time and severity weights of the Safety Measurement System of
// the US Federal Motor Carrier Safety Administration. The facts of a term are the violations in
// one category (BASIC), with severity weight 1 to 10 and 2 more if out of service; those of one
// inspection count up to 30. They weigh 3 within 6 months, 2 within 12, 1 within 24. Crashes have
// severity 1 to 3.
//
// The system itself goes on to divide by the carrier's exposure and to rank carriers of a size
// against each other. This model does not: its classes, rates and weights are examples.
func FMCSA() *Model { return mustParse(fmcsa) }

const china4 = `doublerandom/risk-model/v1
model china-credit-risk-4 version 1 from 2022-01-13 to open
title 企业信用风险分类：信用风险低（A类）、一般（B类）、较高（C类）、高（D类）；指标、分值、抽查比例和权重均为示例
facts all
times 时效 within 12 months 4; within 36 months 2; within 60 months 1; else 0; divided by 4 rounded up
term 基础属性 points 1..100 at most 100
term 企业动态 points 1..100 weighted 时效 at most 150
term 监管信息 points 1..200 weighted 时效 at most 500
term 关联关系 points 1..100 weighted 时效 at most 150
term 社会评价 points 1..50 weighted 时效 at most 100
term 严重违法失信 points 1 factor 1000 at most 1000
class A total at most 100 each term at most 60 rate 10000 weight 1
class B total at most 300 each term at most 200 rate 30000 weight 3
class C total at most 600 each term at most 400 rate 100000 weight 10
class D otherwise rate 300000 weight 30
`

// China4 returns a model with the four classes of credit risk by which China's market regulators
// set the share and frequency of random inspections: A low, B ordinary, C fairly high, D high
// (国市监信发〔2022〕6号). Its terms are the five kinds of information of the general system of
// indicators, and the list of serious violations, which leads to D at once.
//
// It is a configuration to start from. The terms' points, limits and time weights, the thresholds,
// the draw rates and the weights are examples; each region sets its own.
func China4() *Model { return mustParse(china4) }

const china5 = `doublerandom/risk-model/v1
model china-credit-risk-5 version 1 from 2022-01-13 to open
title 企业信用风险分类（五类）：低（A类）、较低（B类）、中等（C类）、较高（D类）、高（E类）；指标、分值、抽查比例和权重均为示例
facts all
times 时效 within 12 months 4; within 36 months 2; within 60 months 1; else 0; divided by 4 rounded up
term 基础属性 points 1..100 at most 100
term 企业动态 points 1..100 weighted 时效 at most 150
term 监管信息 points 1..200 weighted 时效 at most 500
term 关联关系 points 1..100 weighted 时效 at most 150
term 社会评价 points 1..50 weighted 时效 at most 100
term 严重违法失信 points 1 factor 1000 at most 1000
class A total at most 50 each term at most 30 rate 10000 weight 1
class B total at most 150 each term at most 80 rate 20000 weight 2
class C total at most 300 each term at most 200 rate 50000 weight 5
class D total at most 600 each term at most 400 rate 100000 weight 10
class E otherwise rate 300000 weight 30
`

// China5 returns a model like that of [China4] with five classes: A low, B fairly low, C medium,
// D fairly high, E high. It is a configuration to start from, in all its figures an example.
func China5() *Model { return mustParse(china5) }
