package registry

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestColumnsAcrossPages reads rows back on both sides of every page's end, while
// the columns grow and after that.
func TestColumnsAcrossPages(t *testing.T) {
	name := func(i int) string { return strings.Repeat("x", 90+i%7) + fmt.Sprint(i) }
	for _, n := range []int{0, 1, pageRows - 1, pageRows, pageRows + 1, 3*pageRows - 1, 3 * pageRows} {
		im, err := newImporter(Checks{})
		require.NoError(t, err)
		check := func(i int) {
			e := im.to.At(i)
			require.Equal(t, fmt.Sprint(i), e.ID)
			require.Equal(t, name(i), e.Name)
			require.Equal(t, Date{int32(i)}, e.Founded)
			require.Equal(t, Status(i%7), e.Status)
			require.Equal(t, fmt.Sprintf("%06d", i%5), e.Division)
		}
		for i := range n {
			require.NoError(t, im.entity(int64(i), &Entity{
				ID: fmt.Sprint(i), Name: name(i), Founded: Date{int32(i)}, Status: Status(i % 7), Division: fmt.Sprintf("%06d", i%5),
			}))
			check(i)
			check(i / 2)
		}
		reg, _, err := im.finish()
		require.NoError(t, err)
		require.Equal(t, n, reg.Len())
		for i := range n {
			check(i)
		}
		for _, p := range reg.pages {
			require.LessOrEqual(t, p.names.Cap(), p.names.Len()+p.names.Len()/16+8192, "no more room than rounding up takes")
		}
	}
}

func TestPageHasRoomForShortTexts(t *testing.T) {
	var c rowStore
	require.True(t, c.fits(maxPage))
	p, _ := c.next()
	p.names.WriteString(strings.Repeat("x", 100))
	require.True(t, c.fits(maxPage-100))
	require.False(t, c.fits(maxPage-99))
	require.True(t, c.fits(longText))
	// Whatever came before, short texts alone cannot fill the 32 bits of an end.
	require.Less(t, uint64(maxPage)+pageRows*longText, uint64(1)<<32)
}
