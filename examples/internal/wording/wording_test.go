package wording

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/doublerandom/doublerandom/draw/audit"
)

func TestEveryCheckHasATitleInBothLanguages(t *testing.T) {
	for _, name := range audit.CheckNames() {
		require.NotEmpty(t, Check(name).EN, name)
		require.NotEmpty(t, Check(name).ZH, name)
	}
	require.Len(t, checks, len(audit.CheckNames()))
	for v := audit.CannotTell; v <= audit.Called; v++ {
		require.NotEmpty(t, Verdict(v).EN)
		require.NotEmpty(t, Verdict(v).ZH)
	}
	for s := audit.Skipped; s <= audit.Wrong; s++ {
		require.Equal(t, s.String(), Status(s).EN)
		require.NotEmpty(t, Status(s).ZH)
	}
	require.Equal(t, Text{"sealed", "先封存、后公开"}, Mode("sealed"))
	require.Equal(t, Text{"other", "other"}, Mode("other"))
	require.Equal(t, "open", Mode("open").In("en"))
	require.Equal(t, "不封存", Mode("open").In("zh"))
}
