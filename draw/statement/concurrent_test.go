package statement

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestConcurrentReaders writes and views each sample from several goroutines at
// once. Under the race detector it shows that neither changes a statement.
func TestConcurrentReaders(t *testing.T) {
	for _, tt := range samples() {
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				text, err := tt.s.MarshalText()
				if err != nil || string(text) != tt.text {
					t.Errorf("%s: %v", text, err)
				}
				if _, err := View(tt.s); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		again, err := Parse([]byte(tt.text))
		require.NoError(t, err)
		require.Equal(t, again, tt.s)
	}
}
