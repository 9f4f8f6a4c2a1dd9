package registry

import "slices"

// A column grows by pages of pageRows rows. A full page is copied once, at its
// exact size, so that nothing is moved again and no spare room is left.
const (
	pageBits = 12
	pageRows = 1 << pageBits
)

// maxRows keeps a row number in an int, and row+1 in 32 bits, on every machine.
const maxRows = 1<<31 - 2

// A column holds one value of a fixed size for each row.
type column[T any] struct {
	pages [][]T
	open  []T // the page that is still growing; nil once frozen
}

func (c *column[T]) append(v T) {
	if c.open == nil {
		c.open = make([]T, 0, 64)
	}
	c.open = append(c.open, v)
	if len(c.open) == pageRows {
		c.pages = append(c.pages, slices.Clone(c.open))
		c.open = c.open[:0]
	}
}

func (c *column[T]) at(i int) T { return c.pages[i>>pageBits][i&(pageRows-1)] }

func (c *column[T]) freeze() {
	if len(c.open) > 0 {
		c.pages = append(c.pages, slices.Clone(c.open))
	}
	c.open = nil
	c.pages = slices.Clip(c.pages)
}

// A textColumn holds one text for each row, end to end in pages.
type textColumn struct {
	pages []textPage
	open  []byte // the texts of the growing page
	ends  []uint32
}

type textPage struct {
	text string
	ends []uint32 // where each row's text ends; it begins where the last ended
}

// maxPage bounds a page so that its ends fit into 32 bits. Texts of up to
// longText bytes fit beside that whatever their number.
const (
	maxPage  = 1 << 30
	longText = maxPage / pageRows
)

func (c *textColumn) len() int {
	n := len(c.ends)
	if len(c.pages) > 0 {
		n += (len(c.pages)-1)*pageRows + len(c.pages[len(c.pages)-1].ends)
	}
	return n
}

// fits reports whether the growing page has room for a text of n bytes, which is
// to be asked before a text of more than longText bytes is appended.
func (c *textColumn) fits(n int) bool { return n <= maxPage-len(c.open) }

func (c *textColumn) append(s string) {
	c.open = append(c.open, s...)
	c.ends = append(c.ends, uint32(len(c.open)))
	if len(c.ends) == pageRows {
		c.seal()
	}
}

// appendBytes is append for a text in a buffer.
func (c *textColumn) appendBytes(b []byte) {
	c.open = append(c.open, b...)
	c.ends = append(c.ends, uint32(len(c.open)))
	if len(c.ends) == pageRows {
		c.seal()
	}
}

func (c *textColumn) seal() {
	c.pages = append(c.pages, textPage{text: string(c.open), ends: slices.Clone(c.ends)})
	c.open, c.ends = c.open[:0], c.ends[:0]
}

func (c *textColumn) freeze() {
	if len(c.ends) > 0 {
		c.seal()
	}
	c.open, c.ends = nil, nil
	c.pages = slices.Clip(c.pages)
}

// at returns the text of row i. From a sealed page it is a view.
func (c *textColumn) at(i int) string {
	if p := i >> pageBits; p < len(c.pages) {
		page := &c.pages[p]
		from, to := bounds(page.ends, i&(pageRows-1))
		return page.text[from:to]
	}
	from, to := bounds(c.ends, i&(pageRows-1))
	return string(c.open[from:to])
}

// equal reports whether row i holds s. It never allocates.
func (c *textColumn) equal(i int, s string) bool {
	if p := i >> pageBits; p < len(c.pages) {
		page := &c.pages[p]
		from, to := bounds(page.ends, i&(pageRows-1))
		return page.text[from:to] == s
	}
	from, to := bounds(c.ends, i&(pageRows-1))
	return string(c.open[from:to]) == s
}

func bounds(ends []uint32, i int) (from, to uint32) {
	if i > 0 {
		from = ends[i-1]
	}
	return from, ends[i]
}
