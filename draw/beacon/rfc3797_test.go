package beacon

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/doublerandom/doublerandom/internal/realdata"
	"github.com/stretchr/testify/require"
)

// TestRFC3797Example is the worked example of RFC 3797, section 6.
func TestRFC3797Example(t *testing.T) {
	d, err := NewDeclared("rfc3797", []Source{
		{Name: "shares", Count: 1, Max: 1e6},
		{Name: "lottery-1", Count: 5, Min: 1, Max: 50},
		{Name: "lottery-2", Count: 6, Min: 1, Max: 50},
	})
	require.NoError(t, err)
	key, err := d.Format([][]uint64{{9319}, {2, 5, 12, 8, 10}, {9, 18, 26, 34, 41, 45}})
	require.NoError(t, err)
	require.Equal(t, "9319./2.5.8.10.12./9.18.26.34.41.45./", key)
	picks, err := RFC3797(key, 25, 10)
	require.NoError(t, err)
	require.Equal(t, []int{17, 7, 2, 16, 25, 23, 8, 24, 19, 13}, picks)
}

// TestRFC3797Vectors repeats published selections of the IETF.
func TestRFC3797Vectors(t *testing.T) {
	data := realdata.Read(t, "rfc3797_vectors.json")
	var file struct {
		Vectors []struct {
			Name  string
			Seeds [][]uint64
			Key   string
			Pool  int
			Picks []int
		}
	}
	require.NoError(t, json.Unmarshal(data, &file))
	require.Len(t, file.Vectors, 4)
	for _, v := range file.Vectors {
		t.Run(v.Name, func(t *testing.T) {
			var sources []Source
			for i, numbers := range v.Seeds {
				sources = append(sources, Source{Name: string(rune('a' + i)), Count: len(numbers), Max: slices.Max(numbers) + 1})
			}
			d, err := NewDeclared("vector", sources)
			require.NoError(t, err)
			key, err := d.Format(v.Seeds)
			require.NoError(t, err)
			require.Equal(t, v.Key, key)
			picks, err := RFC3797(key, v.Pool, len(v.Picks))
			require.NoError(t, err)
			require.Equal(t, v.Picks, picks)
		})
	}
}

func TestRFC3797Bounds(t *testing.T) {
	for _, tt := range []struct {
		key         string
		pool, picks int
		want        string
	}{
		{"", 25, 10, "beacon: RFC 3797 key has 0 bytes, expected 1–1024"},
		{strings.Repeat("1", 1025), 25, 10, "beacon: RFC 3797 key has 1025 bytes, expected 1–1024"},
		{"1./", 0, 0, "beacon: RFC 3797 pool is 0, expected 1–65535"},
		{"1./", 65536, 1, "beacon: RFC 3797 pool is 65536, expected 1–65535"},
		{"1./", 25, -1, "beacon: RFC 3797 picks are -1, expected 0–25"},
		{"1./", 25, 26, "beacon: RFC 3797 picks are 26, expected 0–25"},
	} {
		_, err := RFC3797(tt.key, tt.pool, tt.picks)
		require.EqualError(t, err, tt.want)
	}
	all, err := RFC3797("1./", 65535, 65535)
	require.NoError(t, err)
	slices.Sort(all)
	for i, n := range all {
		require.Equal(t, i+1, n)
	}
	none, err := RFC3797("1./", 1, 0)
	require.NoError(t, err)
	require.Empty(t, none)
}
