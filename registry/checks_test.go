package registry

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestChecksRefused(t *testing.T) {
	for _, c := range []struct {
		name   string
		checks Checks
		want   string
	}{
		{"negative row", Checks{MaxRow: -1}, "registry: checks: MaxRow is -1, expected 0 to 536870912"},
		{"huge row", Checks{MaxRow: 1<<29 + 1}, "registry: checks: MaxRow is 536870913, expected 0 to 536870912"},
		{"negative rows", Checks{MaxRows: -1}, "registry: checks: MaxRows is -1, expected 0 to 2147483646"},
		{"negative report", Checks{MaxReported: -1}, "registry: checks: MaxReported is -1, expected 0 to 2147483646"},
		{"kind 0", Checks{Actions: map[Kind]Action{0: Reject}}, "registry: checks: unknown kind Kind(0)"},
		{"unknown kind", Checks{Actions: map[Kind]Action{kindCount: Reject}}, "registry: checks: unknown kind Kind(15)"},
		{"unknown action", Checks{Actions: map[Kind]Action{BadDate: 4}}, "registry: checks: unknown action 4 for bad-date"},
		{"keep a row that cannot be read", Checks{Actions: map[Kind]Action{BadRow: Keep}}, "registry: checks: a row with bad-row cannot be kept: expected Reject or Stop"},
		{"keep a long row", Checks{Actions: map[Kind]Action{RowTooLong: Keep}}, "registry: checks: a row with row-too-long cannot be kept: expected Reject or Stop"},
		{"keep no ID", Checks{Actions: map[Kind]Action{EmptyID: Keep}}, "registry: checks: a row with empty-id cannot be kept: expected Reject or Stop"},
		{"keep bad text", Checks{Actions: map[Kind]Action{BadText: Keep}}, "registry: checks: a row with bad-text cannot be kept: expected Reject or Stop"},
		{"keep a duplicate", Checks{Actions: map[Kind]Action{DuplicateID: Keep}}, "registry: checks: a row with duplicate-id cannot be kept: expected Reject or Stop"},
		{"the first of several", Checks{Actions: map[Kind]Action{DuplicateID: Keep, BadRow: Keep, BadText: Keep, 99: Stop}}, "registry: checks: a row with bad-row cannot be kept: expected Reject or Stop"},
	} {
		reg, report, err := Import(entities(), c.checks)
		require.EqualError(t, err, c.want, c.name)
		require.Nil(t, reg, c.name)
		require.Nil(t, report, c.name)
	}
}

func TestChecksDefaults(t *testing.T) {
	checks, actions, err := Checks{Actions: map[Kind]Action{CodeCheck: Keep, RetiredDivision: Stop, BadDate: DefaultAction}}.ready()
	require.NoError(t, err)
	require.Equal(t, 1<<20, checks.MaxRow)
	require.Equal(t, 1<<31-2, checks.MaxRows)
	require.Equal(t, 1000, checks.MaxReported)
	for _, kind := range Kinds() {
		want := Reject
		switch kind {
		case CodeOrganisation, CodeCheck:
			want = Keep
		case RetiredDivision:
			want = Stop
		}
		require.Equal(t, want, actions[kind], kind)
	}
}
