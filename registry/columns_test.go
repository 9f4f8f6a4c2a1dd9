package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestColumnsAcrossPages reads rows back on both sides of every page's end,
// while the column grows and after it is frozen.
func TestColumnsAcrossPages(t *testing.T) {
	text := func(i int) string { return strings.Repeat("x", i%7) + fmt.Sprint(i) }
	for _, n := range []int{0, 1, 63, 64, 65, pageRows - 1, pageRows, pageRows + 1, 3*pageRows - 1, 3 * pageRows} {
		var texts textColumn
		var numbers column[int]
		for i := range n {
			require.Equal(t, i, texts.len())
			texts.append(text(i))
			numbers.append(i * i)
		}
		for i := range n {
			require.Equal(t, text(i), texts.at(i))
			require.True(t, texts.equal(i, text(i)))
			require.False(t, texts.equal(i, text(i)+"x"))
		}
		texts.freeze()
		numbers.freeze()
		require.Equal(t, n, texts.len())
		for i := range n {
			require.Equal(t, text(i), texts.at(i))
			require.True(t, texts.equal(i, text(i)))
			require.False(t, texts.equal(i, "x"+text(i)))
			require.Equal(t, i*i, numbers.at(i))
		}
	}
}

func TestFrozenTextIsView(t *testing.T) {
	var c textColumn
	for range 10 {
		c.append("青岛公平衡器总公司")
	}
	c.freeze()
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = c.at(7) }))
}

func TestPageHasRoomForShortTexts(t *testing.T) {
	c := textColumn{open: make([]byte, 100)}
	require.True(t, c.fits(maxPage-100))
	require.False(t, c.fits(maxPage-99))
	// Whatever came before, short texts alone cannot fill the 32 bits of an end.
	require.Less(t, uint64(maxPage)+pageRows*longText, uint64(1)<<32)
}
