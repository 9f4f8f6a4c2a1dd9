package draw

// Float64 returns the float64 nearest to f, for reports and statistics; +Inf if
// f is too large for one. Nothing that decides a draw may use it.
func (f Fraction) Float64() float64 {
	x, _ := f.rat().Float64()
	return x
}
