package registry

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadRatio(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"5%", "fixed 50000ppm/draw"},
		{"５％", "fixed 50000ppm/draw"},
		{" 5 % ", "fixed 50000ppm/draw"},
		{"100%", "fixed 1000000ppm/draw"},
		{"0.5‰", "fixed 500ppm/draw"},
		{"2．5％", "fixed 25000ppm/draw"},
		{"百分之五", "fixed 50000ppm/draw"},
		{"百分之二十五", "fixed 250000ppm/draw"},
		{"百分之百", "fixed 1000000ppm/draw"},
		{"不低于千分之2", "floor 2000ppm/draw"},
		{"不低于3%", "floor 30000ppm/draw"},
		{"不少于2‰", "floor 2000ppm/draw"},
		{"3%以上", "floor 30000ppm/draw"},
		{"抽查比例不少于2‰", "floor 2000ppm/draw"},
		{"抽查比例：5%", "fixed 50000ppm/draw"},
		{"不超过总数的2%", "cap 20000ppm/draw"},
		{"10%以内", "cap 100000ppm/draw"},
		{"一般不超过10%/年", "cap 100000ppm/year"},
		{"根据实际需要，一般不超过 10%/年。", "cap 100000ppm/year"},
		{"每年不低于3%", "floor 30000ppm/year"},
		{"年度抽查比例不低于3%", "floor 30000ppm/year"},
		{"每次5%", "fixed 50000ppm/draw"},
		{"每年1次33%；或者每年分次达到33%", "fixed 330000ppm/year"},
		{"每年一次33％，或者每年分次达到33％。", "fixed 330000ppm/year"},
		{"市局抽查比例不少于30%", "city floor 300000ppm/draw"},
		{"市、县局不低于5%", "city floor 50000ppm/draw; district floor 50000ppm/draw"},
		{"省级2%，市级5%、县（市、区）级10%", "province fixed 20000ppm/draw; city fixed 50000ppm/draw; district fixed 100000ppm/draw"},
		{"市局和县局、乡镇5%", "city fixed 50000ppm/draw; district fixed 50000ppm/draw; town fixed 50000ppm/draw"},
		{"5%；市局不低于30%", "fixed 50000ppm/draw; city floor 300000ppm/draw"},
		{"A类企业不超过1%，B类、C级3%，高风险企业100%", "class A cap 10000ppm/draw; class B fixed 30000ppm/draw; class C fixed 30000ppm/draw; class 高风险 fixed 1000000ppm/draw"},
		{"10%，其中重点检查单位不低于8%", "fixed 100000ppm/draw of which 重点检查单位 floor 80000ppm"},
	} {
		r, err := ReadRatio(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, r.String(), c.text)
	}
}

func TestReadRatioRefusals(t *testing.T) {
	const ask, alternative, unknown = "leaves the figure to judgement", "offers an alternative to the figure", "is not a spelling that is known here"
	for _, c := range []struct{ text, rest, reason string }{
		{"", "", "is empty"},
		{"　 ", "　 ", "is empty"},
		{"\xff5%", "\xff5%", "is not valid UTF-8"},
		{"根据实际情况确定", "根据实际情况确定", ask},
		{"根据实际需要，5%", "根据实际需要，5%", ask},
		{"不低于3%或按专项计划确定", "或按专项计划确定", alternative},
		{"结合登记事项检查一并开展", "结合登记事项检查一并开展", "refers to another inspection"},
		{"省级不超过2%，市、县制定检查计划", "市、县制定检查计划", "refers to a plan"},
		{"按照《规程》确定", "按照《规程》确定", "refers to another rule"},
		{"5%左右", "左右", unknown},
		{"不低于", "不低于", unknown},
		{"约5%", "约5%", unknown},
		{"不低于3%，", "", "gives no figure"},
		{"3%—5%", "—5%", "gives a range of ratios"},
		{"不低于3%，不超过5%", "不超过5%", "gives a second figure for the same units"},
		{"不低于3%以内", "不低于3%以内", "bounds one figure twice"},
		{"每次5%/年", "每次5%/年", "is both per draw and per year"},
		{"1 0%", "1 0%", unknown},
		{"5", "5", unknown},
		{"百分之5%", "%", unknown},
		{"0%", "0%", "is a ratio of nothing"},
		{"101%", "101%", "is more than all units"},
		{"0.00001%", "0.00001%", "is finer than one part per million"},
		{"1234567%", "1234567%", unknown},
		{"5.%", "5.%", unknown},
		{"每年1次20%；或者每年2次各10%", "或者每年2次各10%", alternative},
		{"每年1次33%；或者每年分次达到30%", "或者每年分次达到30%", "gives another figure than before"},
		{"10%，其中重点检查单位不低于80%", "其中重点检查单位不低于80%", "is larger than the quota that it stands in: of what it counts is open"},
		{"10%，其中食品企业不低于8%", "其中食品企业不低于8%", "names a part of the units that is not known here"},
		{"市局5%，县局3%，其中重点单位1%", "其中重点单位1%", "does not say inside which of the figures it counts"},
		{"10%，其中重点单位1%，其中重点企业1%", "其中重点企业1%", "is a second quota inside the same one"},
		{"其中重点单位1%", "其中重点单位1%", unknown},
		{"市、5%", "市、5%", unknown},
		{"市局、5%", "市局、5%", unknown},
		{"市局、市局5%", "市局、市局5%", "gives a second figure for the same units"},
		{"县级以上不低于3%", "县级以上不低于3%", unknown},
	} {
		r, err := ReadRatio(c.text)
		require.True(t, r.IsZero())
		var refused *ReadError
		require.True(t, errors.As(err, &refused), "%s: %v", c.text, err)
		require.Equal(t, ReadError{"ratio", c.text, strings.TrimSuffix(c.text, c.rest), c.rest, c.reason}, *refused)
	}
	_, err := ReadRatio("不低于3%或按计划确定")
	require.EqualError(t, err, `registry: ratio "不低于3%或按计划确定": only a person can read "或按计划确定": offers an alternative to the figure`)
	_, err = ReadRatio(strings.Repeat("5", 1025))
	require.ErrorContains(t, err, "has 1025 bytes, at most 1024")
}

// TestReadersAreNotExponential reads lists as long as a text may be; a reader that
// looks ahead over a whole list at each of its entries would not come back.
func TestReadersAreNotExponential(t *testing.T) {
	for _, word := range []string{"市局、", "市、", "A类、", "对同一", "单位", "每年", "5%，", "市局5%、", "，", "百分之"} {
		text := strings.Repeat(word, maxSpelling/len(word))
		_, err := ReadRatio(text)
		require.Error(t, err)
		_, err = ReadFrequency(text)
		require.Error(t, err)
		_, err = ReadFrequency("对同一" + text[:len(text)/2])
		require.Error(t, err)
	}
}

func FuzzReadRatio(f *testing.F) {
	for _, s := range []string{"市局抽查比例不少于30%", "根据实际需要，一般不超过 10%/年。", "每年1次33%；或者每年分次达到33%",
		"10%，其中重点检查单位不低于8%", "A类、B类企业百分之二十，省、市级5‰以上"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ReadRatio(text)
		if err != nil {
			checkRefusal(t, "ratio", text, err)
			require.True(t, r.IsZero())
			return
		}
		again, err := ParseRatio(r.String())
		require.NoError(t, err)
		require.True(t, r.Equal(again))
	})
}

// checkRefusal checks that err accounts for the whole text.
func checkRefusal(t *testing.T, field, text string, err error) {
	t.Helper()
	var refused *ReadError
	require.True(t, errors.As(err, &refused))
	require.Equal(t, field, refused.Field)
	require.Equal(t, text, refused.Text)
	require.Equal(t, text, refused.Read+refused.Rest)
	require.NotEmpty(t, refused.Reason)
}
