package registry

// A place is where a table of the registry holds a value, and what was wrong
// with the value: each is checked once. Only values of kept rows have places, so
// that bad rows cannot fill the memory.
type place struct {
	at   uint32
	kind Kind
}

// places find the place of a text. "" has the first place, for "not stated".
type places struct {
	all    map[string]textPlace
	recent [256]textPlace // the one met last of those with the same mark
}

type textPlace struct {
	text string
	place
}

func (p *places) find(s string) (place, bool) {
	// Division and industry are looked up for each row; with the map alone
	// that took a tenth of the import's time.
	recent := &p.recent[mark(s)]
	if recent.text == s {
		return recent.place, true
	}
	if s == "" { // whose place for recent ones another text has taken
		return place{}, true
	}
	at, ok := p.all[s]
	if ok {
		*recent = at
	}
	return at.place, ok
}

func (p *places) add(s string, at place) {
	if p.all == nil {
		p.all = make(map[string]textPlace)
	}
	p.all[s] = textPlace{s, at}
}

// mark mixes the last bytes of a text, which differ most between codes.
func mark(s string) uint8 {
	if len(s) < 4 {
		return uint8(len(s))
	}
	s = s[len(s)-4:]
	last := uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24
	return uint8(last * 0x9e3779b1 >> 24)
}
