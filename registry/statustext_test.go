package registry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestStatusOfText(t *testing.T) {
	for text, want := range map[string]Status{
		"": StatusUnknown, "unknown": StatusUnknown,
		"存续": Active, "在营": Active, "开业": Active, "在业": Active, "正常": Active, "存续（在营、开业、在册）": Active, "存续(在营、开业、在册)": Active,
		"停业": Suspended, "歇业": Suspended, "失联": Unreachable, "迁出": Moved, "清算": Liquidating, "注销": Closed,
		"吊销": Revoked, "吊销，未注销": Revoked, "吊销，已注销": Revoked, "吊销,未注销": Revoked, "吊销,已注销": Revoked, "撤销": Revoked,
	} {
		got, ok := statusOfText(text)
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for i := range statusNames {
		got, ok := statusOfText(Status(i).String())
		require.True(t, ok)
		require.Equal(t, Status(i), got)
	}
	for _, text := range []string{"Active", " 存续", "存续 ", "注", "closed\n"} {
		_, ok := statusOfText(text)
		require.False(t, ok, text)
	}
}

func TestDomainOfText(t *testing.T) {
	for text, want := range map[string]Domain{
		"": DomainUnknown, "企业": Enterprise, "个体工商户": Enterprise, "农民专业合作社": Enterprise, "机关": Institution, "事业单位": Institution,
		"社会组织": SocialOrganisation, "社会团体": SocialOrganisation, "民办非企业单位": SocialOrganisation, "基金会": SocialOrganisation,
		"律师事务所": JudicialService, "公证处": JudicialService, "司法鉴定机构": JudicialService, "其他": OtherDomain,
	} {
		got, ok := domainOfText(text)
		require.True(t, ok, text)
		require.Equal(t, want, got, text)
	}
	for i := range domainNames {
		got, ok := domainOfText(Domain(i).String())
		require.True(t, ok)
		require.Equal(t, Domain(i), got)
	}
	_, ok := domainOfText("Enterprise")
	require.False(t, ok)
}
