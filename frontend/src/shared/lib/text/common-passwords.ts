/** The passwords, and the words in passwords, that are guessed first. The same list as the server's. */
export const commonPasswords: ReadonlySet<string> = new Set(
  `1q2w3e4r 1qaz2wsx a1234567 a1b2c3d4 aa123456 abc123 abcd abcd1234 access admin administrator alexander amanda
  andrew angel angels anthony arsenal asdf ashley autumn azerty babyboy babygirl backup baseball baseball1
  basketball batman beautiful beyonce blessed blink182 butterfly changeme charlie charlie1 cheese chelsea
  chocolate computer cookie corvette cowboys daniel database default dolphin dragon eagles elizabeth eminem
  facebook ferrari flower football football1 forever fortnite freedom geheim golfer google guest hallo hallo123
  heaven hello hello123 hellokitty hockey hunter ichliebedich iloveyou iloveyou1 iloveyou2 instagram internet
  iphone jennifer jessica jesus jesus1 jesuschrist jordan joshua juventus killer lakers letmein letmein1 linkedin
  liverpool login lovelove lovely loveme loveyou macbook master matthew maverick melissa mercedes metallica
  michael michael1 michelle microsoft minecraft monkey mustang naruto nicole nintendo nirvana pass1234 passw0rd
  password password1 passwort pepper playstation pokemon pokemon1 porsche precious princess princess1 q1w2e3r4
  qwerty qwertz rangers rihanna robert roblox root samantha samsung schatz secret secret123 server shadow
  slipknot soccer sommer spring starwars steelers stephanie summer sunshine sunshine1 superman sweetheart system
  temp1234 tennis test1234 testtest thomas tinkerbell toor trustno1 trustno11 twitter user victoria welcome
  welcome1 whatever william willkommen windows winter xbox yamaha yankees youtube zaq12wsx zxcv`.split(
    /\s+/,
  ),
);
