package registry

// statusOfText returns the status for a text as registers write it: the texts of
// [Status.String], and the usual Chinese ones. "" is StatusUnknown.
func statusOfText(s string) (Status, bool) {
	switch s {
	case "", "unknown":
		return StatusUnknown, true
	case "active", "存续", "在营", "开业", "在业", "正常", "存续（在营、开业、在册）", "存续(在营、开业、在册)":
		return Active, true
	case "suspended", "停业", "歇业":
		return Suspended, true
	case "unreachable", "失联":
		return Unreachable, true
	case "moved", "迁出":
		return Moved, true
	case "liquidating", "清算":
		return Liquidating, true
	case "closed", "注销":
		return Closed, true
	case "revoked", "吊销", "吊销，未注销", "吊销，已注销", "吊销,未注销", "吊销,已注销", "撤销":
		return Revoked, true
	}
	return StatusUnknown, false
}

// domainOfText returns the domain for a text as registers write it: the texts of
// [Domain.String], and the Chinese ones. "" is DomainUnknown.
func domainOfText(s string) (Domain, bool) {
	switch s {
	case "", "unknown":
		return DomainUnknown, true
	case "enterprise", "企业", "个体工商户", "农民专业合作社":
		return Enterprise, true
	case "institution", "机关", "事业单位":
		return Institution, true
	case "social-organisation", "社会组织", "社会团体", "民办非企业单位", "基金会":
		return SocialOrganisation, true
	case "judicial-service", "律师事务所", "公证处", "司法鉴定机构":
		return JudicialService, true
	case "other", "其他":
		return OtherDomain, true
	}
	return DomainUnknown, false
}
