package counting

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
)

// A short writer takes so many bytes and then fails.
type short int

func (s *short) Write(p []byte) (int, error) {
	if n := int(*s); n < len(p) {
		*s = 0
		return n, errors.New("full")
	}
	*s -= short(len(p))
	return len(p), nil
}

func TestWriter(t *testing.T) {
	room := short(7)
	c := &Writer{W: &room}
	n, err := c.Write([]byte("five!"))
	require.NoError(t, err)
	require.Equal(t, 5, n)
	n, err = c.Write([]byte("more"))
	require.EqualError(t, err, "full")
	require.Equal(t, 2, n)
	require.Equal(t, int64(7), c.N)
}
