package longtest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSkip(t *testing.T) {
	for _, tt := range []struct {
		value   string
		skipped bool
	}{
		{"", true},
		{"1", false},
	} {
		t.Setenv(Variable, tt.value)
		require.Equal(t, !tt.skipped, Enabled())
		var skipped bool
		t.Run("long", func(t *testing.T) {
			defer func() { skipped = t.Skipped() }()
			Skip(t)
		})
		require.Equal(t, tt.skipped, skipped, "%s=%q", Variable, tt.value)
	}
}
