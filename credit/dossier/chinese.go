package dossier

// chineseRules is configuration, see ChineseRules. It is sorted, since there is
// only one text.
const chineseRules = rulesHeader + `
norm NDRC-36 国家发展改革委令第36号《信用修复管理办法》，2026-04-01 起施行
norm NDRC-58 国家发展改革委令第58号《失信行为纠正后的信用信息修复管理办法（试行）》，2023-05-01 起施行，2026-04-01 废止
norm SAIC-67 国家工商行政管理总局令第67号《企业公示信息抽查暂行办法》，2014-10-01 起施行
norm SAIC-68 国家工商行政管理总局令第68号《企业经营异常名录管理暂行办法》，2014-10-01 起施行
norm SAMR-44 国家市场监督管理总局令第44号《市场监督管理严重违法失信名单管理办法》，2021-09-01 起施行
rule penalty NDRC-36 general from 2026-04-01 to open notice 5 days publish any time counted from decision for 3..12 months repair after 3 months
rule penalty NDRC-36 minor from 2026-04-01 to open notice 5 days publish any time counted from decision for 0..3 months repair after 0 months
rule penalty NDRC-36 serious from 2026-04-01 to open notice 5 days publish any time counted from decision for 12..36 months repair after 12 months
rule penalty NDRC-58 drugs from 2023-05-01 to 2026-03-31 notice 5 days publish any time counted from decision for 12..36 months repair after 12 months
rule penalty NDRC-58 fire from 2023-05-01 to 2026-03-31 notice 5 days publish any time counted from decision for 12..36 months repair after 12 months
rule penalty NDRC-58 food from 2023-05-01 to 2026-03-31 notice 5 days publish any time counted from decision for 12..36 months repair after 12 months
rule penalty NDRC-58 other from 2023-05-01 to 2026-03-31 notice 5 days publish any time counted from decision for 3..36 months repair after 3 months
rule penalty NDRC-58 special-equipment from 2023-05-01 to 2026-03-31 notice 5 days publish any time counted from decision for 12..36 months repair after 12 months
rule penalty NDRC-58 work-safety from 2023-05-01 to 2026-03-31 notice 5 days publish any time counted from decision for 12..36 months repair after 12 months
rule abnormal-operation SAIC-68 listed from 2014-10-01 to open notice 5 days publish any time counted from decision until removed no repair
rule serious-violation SAMR-44 listed from 2021-09-01 to open notice 7 days publish any time counted from decision for 12..36 months repair after 12 months
rule inspection-result SAIC-67 published from 2014-10-01 to open no notice publish any time counted from publication until removed no repair
`

// ChineseRules returns a table of Chinese rules to begin from. It is an example of
// configuration, not legal advice: print it with [Rules.MarshalText], have it
// checked by lawyers, complete it with what your department and region add, and
// read your own with [ParseRules].
//
// Penalties decided from 2026-04-01 are under Order 36 of the National Development
// and Reform Commission: minor ones are public for at most 3 months, if at all, and
// can be repaired at once; general ones for 3 to 12 months; serious ones for 1 to 3
// years. Those decided from 2023-05-01 to 2026-03-31 are under Order 58: 3 months
// to 3 years, and at least 1 year for food, drugs, special equipment, work safety and
// fire. Both orders count from the decision, and allow repair once the shortest
// period has passed.
//
// The rows of the two lists and of inspection results, and all lengths of notice,
// are placeholders of the usual form. The table has no transition: an entry stays
// under the norm of its decision. If earlier entries may pass to the newer norm, add
//
//	transition penalty NDRC-58 NDRC-36 from 2026-04-01
func ChineseRules() *Rules {
	r, err := ParseRules([]byte(chineseRules))
	if err != nil {
		panic(err.Error()) // a test reads it
	}
	return r
}
