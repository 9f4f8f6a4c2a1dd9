package ceremony

import (
	"fmt"
	"testing"

	"github.com/doublerandom/doublerandom/draw"
	"github.com/doublerandom/doublerandom/draw/statement"
	"github.com/stretchr/testify/require"
)

// TestChain compares every value of chains around the spacing of what is kept
// with links counted one by one.
func TestChain(t *testing.T) {
	suite := draw.SHA256()
	for _, length := range []uint64{1, 2, 127, 128, 129, 255, 256, 257, 881} {
		secret, err := NewSecret(random("chain %d", length))
		require.NoError(t, err)
		c, err := NewChain(suite, secret, "press", length)
		require.NoError(t, err)
		require.Equal(t, secret.Export(), c.Export())
		require.Equal(t, length, c.Length())
		require.Equal(t, statement.Chain{Contributor: "press", Length: length, End: c.End()}, c.Line())

		value := statement.ID(secret.Export())
		for k := length; k >= 1; k-- {
			got, err := c.Value(k)
			require.NoError(t, err)
			require.Equal(t, value, got, "draw %d of %d", k, length)
			value = statement.ChainLink(suite, "press", value)
		}
		require.Equal(t, value, c.End())
		for _, k := range []uint64{0, length + 1, 1 << 63} {
			_, err := c.Value(k)
			require.EqualError(t, err, fmt.Sprintf(`ceremony: chain of "press": draw %d, expected 1 to %d`, k, length))
			_, err = c.Reveal(statement.ID{1}, k)
			require.Error(t, err)
		}
		first, err := c.Value(1)
		require.NoError(t, err)
		require.NoError(t, statement.CheckChain(suite, c.Line(), 1, first))
		reveal, err := c.Reveal(statement.ID{1}, 1)
		require.NoError(t, err)
		require.Equal(t, &statement.Reveal{Notice: statement.ID{1}, Contributor: "press", Value: first}, reveal)
	}
}

func TestNewChainRefuses(t *testing.T) {
	secret, err := NewSecret(random("chain"))
	require.NoError(t, err)
	suite := draw.SHA256()
	for _, tt := range []struct {
		name        string
		suite       draw.Suite
		secret      *Secret
		contributor string
		length      uint64
		want        string
	}{
		{"suite", draw.Suite{}, secret, "press", 1, "ceremony: zero Suite, expected one from draw.SHA256 or draw.NewSuite"},
		{"secret", suite, new(Secret), "press", 1, "ceremony: zero Secret, expected one from NewSecret or SecretFrom"},
		{"empty", suite, secret, "press", 0, "ceremony: chain of 0 draws, expected 1 to 100000"},
		{"long", suite, secret, "press", 100_001, "ceremony: chain of 100001 draws, expected 1 to 100000"},
		{"name", suite, secret, "", 1, "ceremony: name of the contributor is empty"},
	} {
		c, err := NewChain(tt.suite, tt.secret, tt.contributor, tt.length)
		require.Nil(t, c, tt.name)
		require.EqualError(t, err, tt.want, tt.name)
	}
	require.Equal(t, [32]byte{}, new(Chain).Export())
	_, err = new(Chain).Value(1)
	require.EqualError(t, err, `ceremony: chain of "": draw 1, expected 1 to 0`)
}

// TestChainSaysNothingOfTheNext shows that the value of draw k leads to those of
// earlier draws and to no later one.
func TestChainSaysNothingOfTheNext(t *testing.T) {
	suite := draw.SHA256()
	secret, err := NewSecret(random("chain"))
	require.NoError(t, err)
	c, err := NewChain(suite, secret, "press", 30)
	require.NoError(t, err)
	places := map[statement.ID]uint64{c.End(): 0}
	for k := uint64(1); k <= 30; k++ {
		v, err := c.Value(k)
		require.NoError(t, err)
		require.NotContains(t, places, v)
		places[v] = k
	}
	for k := uint64(1); k <= 30; k++ {
		v, err := c.Value(k)
		require.NoError(t, err)
		for range 100 { // all that can be computed from it
			v = statement.ChainLink(suite, "press", v)
			if place, ok := places[v]; ok {
				require.Less(t, place, k)
			}
		}
		require.Error(t, statement.CheckChain(suite, c.Line(), k+1, v))
	}
}
