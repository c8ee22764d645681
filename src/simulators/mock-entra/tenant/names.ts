// People and places by culture. Each name is `native=ascii`; the ASCII form is left out when lower case is enough.
// userPrincipalName and mailNickname are made of ASCII forms only.

export interface Name {
  readonly native: string;
  /** Lower-case letters only. */
  readonly ascii: string;
}
export interface Place {
  readonly city: string;
  readonly state: string;
  readonly street: string;
}
export interface Culture {
  readonly language: string;
  readonly country: string;
  readonly usageLocation: string;
  readonly dialCode: string;
  readonly given: readonly Name[];
  readonly surnames: readonly Name[];
  readonly places: readonly Place[];
  /** Share of the tenant, relative to the other cultures. */
  readonly weight: number;
  /** How the display name is put together. */
  readonly compose: (given: string, surname: string) => string;
}

const names = (text: string): readonly Name[] =>
  text.split('|').map((entry) => {
    const [native = '', ascii = native.toLowerCase()] = entry.split('=');
    return { native, ascii };
  });
const places = (text: string): readonly Place[] =>
  text.split('|').map((entry) => {
    const [city = '', state = '', street = ''] = entry.split('/');
    return { city, state, street };
  });

const givenFirst = (given: string, surname: string): string => `${given} ${surname}`;
const surnameFirst = (given: string, surname: string): string => `${surname} ${given}`;
const surnameJoined = (given: string, surname: string): string => `${surname}${given}`;

export const cultures: readonly Culture[] = [
  {
    language: 'en-US',
    country: 'United States',
    usageLocation: 'US',
    dialCode: '+1',
    weight: 28,
    compose: givenFirst,
    given: names(
      'Olivia|Liam|Emma|Noah|Ava|Ethan|Grace|Mason|Chloe|Lucas|Megan|Jack|Zoë=zoe|Siobhan|Dwayne|Mary-Jane=maryjane',
    ),
    surnames: names(
      "Smith|Johnson|Brown|Taylor|Miller|Wilson|Moore|Clark|Hughes|Walker|O'Brien=obrien|MacDonald|Smith-Jones=smithjones|Carter",
    ),
    places: places('Seattle/WA/Pine Street|Austin/TX/Congress Avenue|Boston/MA/Beacon Street|Denver/CO/Larimer Street'),
  },
  {
    language: 'de-DE',
    country: 'Germany',
    usageLocation: 'DE',
    dialCode: '+49',
    weight: 14,
    compose: givenFirst,
    given: names(
      'Jürgen=juergen|Anna|Björn=bjoern|Käthe=kaethe|Lukas|Sören=soeren|Ute|Jörg=joerg|Franziska|Günther=guenther',
    ),
    surnames: names(
      'Müller=mueller|Schäfer=schaefer|Weiß=weiss|Köhler=koehler|Schmidt|Groß=gross|von der Heide=vonderheide|Böhm=boehm|Krüger=krueger',
    ),
    places: places('München/Bayern/Sonnenstraße|Köln/Nordrhein-Westfalen/Ringstraße|Berlin/Berlin/Torstraße'),
  },
  {
    language: 'fr-FR',
    country: 'France',
    usageLocation: 'FR',
    dialCode: '+33',
    weight: 8,
    compose: givenFirst,
    given: names(
      'Zoé=zoe|François=francois|Hélène=helene|Loïc=loic|Aurélie=aurelie|Benoît=benoit|Maëlle=maelle|Noël=noel',
    ),
    surnames: names(
      "Lefèvre=lefevre|Dupré=dupre|Garçon=garcon|Bœuf=boeuf|D'Amboise=damboise|Côté=cote|Moreau|Gérard=gerard",
    ),
    places: places('Lyon/Auvergne-Rhône-Alpes/Rue de la République|Paris/Île-de-France/Rue de Rivoli'),
  },
  {
    language: 'es-ES',
    country: 'Spain',
    usageLocation: 'ES',
    dialCode: '+34',
    weight: 8,
    compose: givenFirst,
    given: names('José=jose|María=maria|Íñigo=inigo|Begoña=begona|Andrés=andres|Lucía=lucia|Ángel=angel|Núria=nuria'),
    surnames: names(
      'Muñoz=munoz|García=garcia|Peña=pena|Núñez=nunez|López=lopez|Ibáñez=ibanez|Castaño=castano|Güell=guell',
    ),
    places: places('Málaga/Andalucía/Calle Larios|Madrid/Madrid/Gran Vía'),
  },
  {
    language: 'pl-PL',
    country: 'Poland',
    usageLocation: 'PL',
    dialCode: '+48',
    weight: 6,
    compose: givenFirst,
    given: names(
      'Łukasz=lukasz|Małgorzata=malgorzata|Grażyna=grazyna|Stanisław=stanislaw|Bożena=bozena|Jędrzej=jedrzej',
    ),
    surnames: names(
      'Wiśniewski=wisniewski|Dąbrowski=dabrowski|Wójcik=wojcik|Żak=zak|Ćwik=cwik|Świątek=swiatek|Kołodziej=kolodziej',
    ),
    places: places('Łódź/łódzkie/ulica Piotrkowska|Kraków/małopolskie/ulica Floriańska'),
  },
  {
    language: 'ru-RU',
    country: 'Kazakhstan',
    usageLocation: 'KZ',
    dialCode: '+7',
    weight: 6,
    compose: givenFirst,
    given: names(
      'Анна=anna|Дмитрий=dmitriy|Екатерина=ekaterina|Юрий=yuriy|Наталья=natalya|Фёдор=fedor|Ольга=olga|Алексей=aleksey',
    ),
    surnames: names(
      'Иванов=ivanov|Щербаков=shcherbakov|Ёлкин=yolkin|Кузнецов=kuznetsov|Чайковский=chaykovskiy|Жуков=zhukov',
    ),
    places: places('Алматы/Алматы/проспект Абая|Астана/Астана/улица Кенесары'),
  },
  {
    language: 'el-GR',
    country: 'Greece',
    usageLocation: 'GR',
    dialCode: '+30',
    weight: 5,
    compose: givenFirst,
    given: names('Ελένη=eleni|Γιώργος=giorgos|Δημήτρης=dimitris|Ζωή=zoi|Κώστας=kostas|Μαρία=maria|Άγγελος=angelos'),
    surnames: names('Παπαδόπουλος=papadopoulos|Οικονόμου=oikonomou|Βασιλείου=vasileiou|Ιωάννου=ioannou|Χατζής=chatzis'),
    places: places('Αθήνα/Αττική/Οδός Ερμού|Θεσσαλονίκη/Κεντρική Μακεδονία/Οδός Τσιμισκή'),
  },
  {
    language: 'ja-JP',
    country: 'Japan',
    usageLocation: 'JP',
    dialCode: '+81',
    weight: 7,
    compose: surnameFirst,
    given: names('健=ken|さくら=sakura|大輔=daisuke|陽菜=hina|翔太=shota|美咲=misaki|ケンジ=kenji'),
    surnames: names('佐藤=sato|鈴木=suzuki|高橋=takahashi|渡邊=watanabe|齋藤=saito|髙木=takagi|𠮷田=yoshida'),
    places: places('東京都/千代田区/丸の内|大阪市/大阪府/梅田'),
  },
  {
    language: 'ar-SA',
    country: 'Saudi Arabia',
    usageLocation: 'SA',
    dialCode: '+966',
    weight: 6,
    compose: givenFirst,
    given: names('محمد=mohammed|فاطمة=fatima|عبد الرحمن=abdulrahman|ليلى=layla|يوسف=yousef|نورة=noura'),
    surnames: names('الحربي=alharbi|القحطاني=alqahtani|الشمري=alshammari|السعيد=alsaeed|العتيبي=alotaibi'),
    places: places('الرياض/منطقة الرياض/طريق الملك فهد|جدة/منطقة مكة/شارع التحلية'),
  },
  {
    language: 'zh-CN',
    country: 'China',
    usageLocation: 'CN',
    dialCode: '+86',
    weight: 7,
    compose: surnameJoined,
    given: names('伟=wei|芳=fang|秀英=xiuying|娜=na|磊=lei|建国=jianguo|静怡=jingyi'),
    surnames: names('王=wang|李=li|张=zhang|刘=liu|欧阳=ouyang|吕=lu|诸葛=zhuge'),
    places: places('上海/上海市/南京东路|深圳/广东省/深南大道'),
  },
  {
    language: 'hi-IN',
    country: 'India',
    usageLocation: 'IN',
    dialCode: '+91',
    weight: 5,
    compose: givenFirst,
    given: names('अनिल=anil|प्रिया=priya|सुनीता=sunita|राहुल=rahul|लक्ष्मी=lakshmi|विक्रम=vikram'),
    surnames: names('शर्मा=sharma|सिंह=singh|पटेल=patel|गुप्ता=gupta|मिश्रा=mishra|चौधरी=chaudhary'),
    places: places('पुणे/महाराष्ट्र/महात्मा गांधी मार्ग|जयपुर/राजस्थान/टोंक रोड'),
  },
];

export const departments: readonly string[] = [
  'Engineering',
  'Sales',
  'Marketing',
  'Finance',
  'Human Resources',
  'Legal',
  'Operations',
  'Customer Support',
  'Research & Development',
  'Vertrieb',
  'Développement durable',
  '情報システム部',
];

export const jobTitles: readonly string[] = [
  'Engineer',
  'Senior Engineer',
  'Account Manager',
  'Analyst',
  'Accountant',
  'Counsel',
  'Recruiter',
  'Product Manager',
  'Support Specialist',
  'Team Lead',
  'Geschäftsführer',
  'Chargée de projet',
];

/** Culture of a draw, by weight. */
export const cultureWheel: readonly Culture[] = cultures.flatMap((culture) =>
  Array.from({ length: culture.weight }, () => culture),
);
