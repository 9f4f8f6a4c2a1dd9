package main

import "github.com/doublerandom/doublerandom/registry"

// An industry is a class of GB/T 4754-2017 that the city has.
type industry struct {
	code, section, name string
	share               int     // of a thousand enterprises, about
	risk                float64 // of violations, 1 being usual
}

// Industries returns the industries of the city.
func industries() []industry {
	return []industry{
		{"1411", "C", "糕点、面包制造", 8, 1.3}, {"1431", "C", "米、面制品制造", 6, 1.2}, {"2614", "C", "有机化学原料制造", 4, 1.8},
		{"2710", "C", "化学药品原料药制造", 2, 1.2}, {"3011", "C", "水泥制造", 3, 1.5}, {"3311", "C", "金属结构制造", 40, 1.0},
		{"4710", "E", "住宅房屋建筑", 45, 1.4}, {"5123", "F", "果品、蔬菜批发", 50, 1.0}, {"5132", "F", "服装批发", 70, 0.7},
		{"5211", "F", "百货零售", 90, 0.9}, {"5212", "F", "超级市场零售", 70, 1.1}, {"5231", "F", "纺织品及针织品零售", 60, 0.6},
		{"5251", "F", "西药零售", 15, 1.2}, {"5265", "F", "机动车燃油零售", 4, 1.3}, {"5292", "F", "互联网零售", 80, 1.1},
		{"5431", "G", "普通货物道路运输", 45, 1.3}, {"5930", "G", "低温仓储", 4, 1.3}, {"6110", "H", "旅游饭店", 6, 1.0},
		{"6210", "H", "正餐服务", 90, 1.5}, {"6220", "H", "快餐服务", 50, 1.5}, {"6513", "I", "应用软件开发", 60, 0.4},
		{"7010", "K", "房地产开发经营", 12, 1.2}, {"7020", "K", "物业管理", 18, 1.1}, {"7231", "L", "律师及相关法律服务", 2, 0.6},
		{"7241", "L", "会计、审计及税务服务", 14, 0.7}, {"7262", "L", "职业中介服务", 10, 1.3}, {"7291", "L", "旅行社及相关服务", 8, 1.1},
		{"8040", "O", "理发及美容服务", 40, 1.1}, {"8051", "O", "洗浴服务", 8, 1.3}, {"8111", "O", "汽车修理与维护", 30, 1.1},
		{"8310", "P", "学前教育", 6, 0.9}, {"8391", "P", "职业技能培训", 12, 1.2}, {"8411", "Q", "综合医院", 2, 0.8},
		{"8412", "Q", "中医医院", 1, 0.8}, {"9011", "R", "歌舞厅娱乐活动", 5, 1.6}, {"9013", "R", "网吧活动", 5, 1.4},
		{"9521", "S", "专业性团体", 0, 0.6}, {"9522", "S", "行业性团体", 0, 0.6},
	}
}

// A line is a line of work: one of the city's departments, with those of its name in districts and towns.
type line struct {
	key, name string
	staff     int      // share of the inspectors
	general   []string // industries of its general item, by the first characters; none for all
	special   []string // of its key item; none if the line has no such item
}

// Social, judicial and institution stand in place of an industry for the entities of a domain.
const (
	social      = "social"
	judicial    = "judicial"
	institution = "institution"
)

// lines returns the lines of work, those that a small city has first.
func lines() []line {
	return []line{
		{"market", "市场监督管理局", 250, nil, []string{"14", "521", "62"}},
		{"emergency", "应急管理局", 50, []string{"26", "30", "47", "5265"}, []string{"26", "5265"}},
		{"ecology", "生态环境局", 55, []string{"14", "26", "27", "30", "62", "8111"}, []string{"26", "27", "30"}},
		{"health", "卫生健康委员会", 60, []string{"61", "804", "805", "84"}, []string{"84"}},
		{"justice", "司法局", 15, []string{judicial}, nil},
		{"civil-affairs", "民政局", 15, []string{social}, nil},
		{"labour", "人力资源和社会保障局", 45, []string{"33", "47", "62", "7262"}, []string{"7262"}},
		{"housing", "住房和城乡建设局", 45, []string{"47", "70"}, []string{"47"}},
		{"transport", "交通运输局", 45, []string{"54", "8111"}, []string{"54"}},
		{"culture", "文化和旅游局", 30, []string{"61", "72", "90"}, []string{"90", "7291"}},
		{"fire", "消防救援支队", 55, []string{"33", "521", "61", "62", "90"}, []string{"61", "90"}},
		{"education", "教育局", 30, []string{"83"}, []string{"8310"}},
		{"commerce", "商务局", 20, []string{"52", "61"}, []string{"5265"}},
		{"drugs", "药品监督管理分局", 25, []string{"27", "5251"}, []string{"27"}},
		{"urban", "城市管理局", 40, []string{"52", "62", "70"}, []string{"7020"}},
		{"finance", "财政局", 12, []string{"7241"}, nil},
		{"tax", "税务局", 30, []string{"47", "51", "70"}, []string{"7241"}},
		{"natural-resources", "自然资源和规划局", 20, []string{"30", "70"}, []string{"7010"}},
		{"agriculture", "农业农村局", 25, []string{"1431", "5123"}, []string{"5123"}},
		{"water", "水务管理局", 12, []string{"26", "805"}, nil},
		{"marine", "海洋发展局", 10, []string{"5930", "5123"}, nil},
		{"science", "科学技术局", 8, []string{"65"}, nil},
		{"industry", "工业和信息化局", 14, []string{"30", "33"}, nil},
		{"statistics", "统计局", 14, []string{"52", "62", "65"}, nil},
		{"sports", "体育局", 6, []string{"90"}, nil},
		{"medical-insurance", "医疗保障局", 15, []string{"5251", "84"}, []string{"5251"}},
		{"development", "发展和改革委员会", 8, []string{"26", "30"}, nil},
		{"public-security", "公安局", 50, []string{"61", "805", "901"}, []string{"9011"}},
		{"religion", "民族宗教事务局", 4, []string{social}, nil},
		{"cyberspace", "互联网信息办公室", 6, []string{"5292", "6513"}, nil},
		{"post", "邮政管理局", 6, []string{"54"}, nil},
		{"customs", "海关", 18, []string{"5132", "5930"}, nil},
		{"meteorology", "气象局", 4, []string{"26", "5265"}, nil},
		{"seismology", "地震局", 2, []string{"47"}, nil},
		{"tobacco", "烟草专卖局", 20, []string{"521"}, []string{"5212"}},
		{"archives", "档案局", 3, []string{institution}, nil},
		{"organisation", "机构编制委员会办公室", 5, []string{institution}, nil},
	}
}

// table returns the registry's table of the industries.
func industryTable() (*registry.Industries, error) {
	return registry.NewIndustries(func(yield func(registry.IndustryEntry) bool) {
		for _, i := range industries() {
			n := registry.Industry{Edition: 2017, Code: i.code}
			if !yield(registry.IndustryEntry{Industry: n, Section: i.section, Name: i.name}) {
				return
			}
		}
	})
}
