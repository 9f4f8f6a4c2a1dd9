package registry

import (
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestReadFrequency(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"每年1次", "exactly 1 per year"},
		{"1次/年", "exactly 1 per year"},
		{"１次／年", "exactly 1 per year"},
		{"每年一次", "exactly 1 per year"},
		{"一年两次", "exactly 2 per year"},
		{"两年一次", "exactly 1 per 2 years"},
		{"1次/2年", "exactly 1 per 2 years"},
		{"每季度1次", "exactly 1 per 3 months"},
		{"每半年抽查一次", "exactly 1 per 6 months"},
		{"每月十二次", "exactly 12 per month"},
		{"每12个月1次", "exactly 1 per year"},
		{"每年2次", "exactly 2 per year"},
		{"每年不少于1次", "at least 1 per year"},
		{"每年1次以上", "at least 1 per year"},
		{"每年不超过2次", "at most 2 per year"},
		{"一般不超过2次/年", "at most 2 per year"},
		{"根据实际需要，一般不超过2次/年", "at most 2 per year"},
		{"1—2次/年", "1 to 2 per year"},
		{"每年 1 ～ 2 次。", "1 to 2 per year"},
		{"对同一单位每2年抽查不超过1次", "at most 1 per 2 years each 单位"},
		{"对同一检查对象，每年度检查不超过2次", "at most 2 per year each 检查对象"},
		{"在许可有效期内对同一个单位的检查不超过2次。", "at most 2 per licence each 单位"},
		{"在备案有效期内同一机构不超过2次", "at most 2 per filing each 机构"},
		{"同一生产、销售企业一年内最多1次", "at most 1 per year each 生产、销售企业"},
		{"市级局每年组织1次；县级局每月组织1次", "city exactly 1 per year; district exactly 1 per month"},
		{"每年组织2次，对同一企业每年不超过1次", "exactly 2 per year; at most 1 per year each 企业"},
	} {
		f, err := ReadFrequency(c.text)
		require.NoError(t, err, c.text)
		require.Equal(t, c.want, f.String(), c.text)
	}
}

func TestReadFrequencyRefusals(t *testing.T) {
	const ratio, ask, unknown = "states a ratio, not how often", "leaves the figure to judgement", "is not a spelling that is known here"
	for _, c := range []struct{ text, rest, reason string }{
		{"", "", "is empty"},
		{"根据实际情况确定", "根据实际情况确定", ask},
		{"根据实际需要，2次/年", "根据实际需要，2次/年", "leaves the number to judgement"},
		{"每年1次33%；或者每年分次达到33%", "33%；或者每年分次达到33%", ratio},
		{"5%", "5%", ratio},
		{"每年1次或按计划确定", "或按计划确定", "offers an alternative to the figure"},
		{"2次", "2次", "does not say in what time"},
		{"每年2次/月", "每年2次/月", "names two periods"},
		{"2次/届", "2次/届", "names a period that is not known here"},
		{"每年0次", "每年0次", "gives no sensible number of times"},
		{"2—1次/年", "2—1次/年", "gives no sensible number of times"},
		{"1001次/年", "1001次/年", "gives no sensible number of times"},
		{"每年不少于1—2次", "每年不少于1—2次", "bounds a range"},
		{"不少于1次以上/年", "不少于1次以上/年", "bounds one number twice"},
		{"每年1次，每月1次", "每月1次", "gives a second number for the same case"},
		{"每月组织", "每月组织", unknown},
		{"对同一非重点单位每年不超过1次", "对同一非重点单位每年不超过1次", unknown},
		{"对同一单位或者企业每年不超过1次", "对同一单位或者企业每年不超过1次", unknown},
		{"每年1次左右", "左右", unknown},
		{"每101年1次", "每101年1次", unknown},
	} {
		f, err := ReadFrequency(c.text)
		require.True(t, f.IsZero())
		var refused *ReadError
		require.True(t, errors.As(err, &refused), "%s: %v", c.text, err)
		require.Equal(t, ReadError{"frequency", c.text, strings.TrimSuffix(c.text, c.rest), c.rest, c.reason}, *refused)
	}
	_, err := ReadFrequency("每年1次左右")
	require.EqualError(t, err, `registry: frequency "每年1次左右": only a person can read "左右": is not a spelling that is known here`)
}

func TestParseFrequency(t *testing.T) {
	for _, text := range []string{
		"exactly 1 per year", "at least 2 per month", "at most 1000 per 100 years", "1 to 2 per 18 months",
		"at most 2 per licence each 单位", "at most 1 per filing; at most 1 per year each to; town exactly 1 per month",
	} {
		f, err := ParseFrequency(text)
		require.NoError(t, err)
		require.Equal(t, text, f.String())
		var again Frequency
		marshalled, err := f.MarshalText()
		require.NoError(t, err)
		require.NoError(t, again.UnmarshalText(marshalled))
		require.True(t, f.Equal(again))
	}
	var f Frequency
	require.NoError(t, f.UnmarshalText(nil))
	require.True(t, f.IsZero())
}

func TestParseFrequencyErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", `registry: frequency "": found "", expected a number of times`},
		{"leading zero", "exactly 01 per year", `registry: frequency "exactly 01 per year": not in its one spelling "exactly 1 per year"`},
		{"12 months are a year", "exactly 1 per 12 months", `registry: frequency "exactly 1 per 12 months": not in its one spelling "exactly 1 per year"`},
		{"one month", "exactly 1 per 1 months", `registry: frequency "exactly 1 per 1 months": not in its one spelling "exactly 1 per month"`},
		{"degenerate range", "2 to 2 per year", `registry: frequency "2 to 2 per year": not in its one spelling "exactly 2 per year"`},
		{"half a range", "2 per year", `registry: frequency "2 per year": found "per", expected to`},
		{"reversed", "2 to 1 per year", `registry: frequency rule for tier any: at most 1 times is below at least 2`},
		{"never", "at most 0 per year", `registry: frequency rule for tier any: neither a least nor a most number of times`},
		{"too often", "at most 1001 per year", `registry: frequency rule for tier any: 0 to 1001 times: limit 1000`},
		{"neither", "at 2 per year", `registry: frequency "at 2 per year": found "2", expected least or most`},
		{"no period", "at most 2", `registry: frequency "at most 2": found "", expected per`},
		{"unknown period", "at most 2 per week", `registry: frequency "at most 2 per week": found "week", expected a period such as year or 6 months`},
		{"long period", "at most 2 per 101 years", `registry: frequency "at most 2 per 101 years": found "years", expected a period such as year or 6 months`},
		{"no months", "at most 2 per 0 months", `registry: frequency rule for tier any: unknown period Period(0)`},
		{"nobody", "at most 2 per year each ", `registry: frequency "at most 2 per year each ": found "", expected whom it counts for`},
		{"trailing", "at most 2 per year x", `registry: frequency "at most 2 per year x": found "x", expected the end of the rule`},
		{"twice", "exactly 1 per year; exactly 2 per year", `registry: frequency has two rules for tier any, each ""`},
		{"too long", strings.Repeat("x", 16385), `registry: frequency has 16385 bytes, limit 16384`},
	} {
		_, err := ParseFrequency(c.text)
		require.EqualError(t, err, c.want, c.name)
		f := Frequency{[]FrequencyRule{{Min: 1, Period: 12}}}
		if before := f; c.text != "" {
			require.EqualError(t, f.UnmarshalText([]byte(c.text)), c.want, c.name)
			require.Equal(t, before, f, "%s: the receiver is unchanged", c.name)
		}
	}
	_, err := NewFrequency(FrequencyRule{Tier: 9, Min: 1, Period: 1})
	require.EqualError(t, err, "registry: frequency rule for tier Tier(9): unknown tier")
	_, err = NewFrequency(FrequencyRule{Min: 1, Period: 1, Each: "a b"})
	require.EqualError(t, err, "registry: frequency rule for tier any: each has the space U+0020 at byte 2")
	_, err = NewFrequency(make([]FrequencyRule, 33)...)
	require.EqualError(t, err, "registry: frequency has 33 rules, limit 32")
}

func TestFrequencyRule(t *testing.T) {
	f, err := ParseFrequency("1 to 2 per year; city at most 1 per year")
	require.NoError(t, err)
	require.Equal(t, []FrequencyRule{{Min: 1, Max: 2, Period: 12}}, slices.Collect(f.For(TownTier)))
	require.Equal(t, []FrequencyRule{{Tier: CityTier, Max: 1, Period: 12}}, slices.Collect(f.For(CityTier)))
	rule := FrequencyRule{Min: 2, Max: 3, Period: 12}
	require.Equal(t, []bool{true, true, true, false, false},
		[]bool{rule.Allows(0), rule.Allows(1), rule.Allows(2), rule.Allows(3), rule.Allows(math.MaxUint64)})
	require.Equal(t, []uint64{2, 1, 0, 0}, []uint64{rule.Owed(0), rule.Owed(1), rule.Owed(2), rule.Owed(math.MaxUint64)})
	require.True(t, FrequencyRule{Min: 2, Period: 12}.Allows(math.MaxUint64))
	months, ok := Period(24).Months()
	require.True(t, ok)
	require.Equal(t, 24, months)
	_, ok = LicenceValidity.Months()
	require.False(t, ok)
}

func FuzzReadFrequency(f *testing.F) {
	for _, s := range []string{"1—2次/年", "对同一单位每2年抽查不超过1次", "在许可有效期内同一单位不超过2次",
		"市级局每年组织1次；县级局每月组织1次", "根据实际需要，一般不超过十二次/半年。"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ReadFrequency(text)
		if err != nil {
			checkRefusal(t, "frequency", text, err)
			require.True(t, r.IsZero())
			return
		}
		again, err := ParseFrequency(r.String())
		require.NoError(t, err)
		require.True(t, r.Equal(again))
	})
}

func FuzzParseFrequency(f *testing.F) {
	f.Add("at most 2 per licence each 单位; city 1 to 2 per 18 months")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := ParseFrequency(text)
		if err != nil {
			require.True(t, r.IsZero())
			return
		}
		require.Equal(t, text, r.String())
	})
}
