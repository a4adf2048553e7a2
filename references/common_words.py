"""Everyday English: words too common to be a product's name in lower case or to be mended as a typing slip."""

from references.text import stem

COMMON_WORDS: frozenset[str] = frozenset(
    """
    ad go hi my ok cork ability able above accept access accident according account accounts acid acquire acquired
    across act action actions active activity actual add added address admit adult advance advice afraid afternoon
    agency agent agents agree ahead aim air alert alive allow almost alone along already also although always amaze
    amount ancient anger angle animal announce annual another answer answers anxious anybody anyone anything apart
    appeal appear apple apply approach approve april area areas argo argue arm army around arrange arrive arrow art
    article artist aside ask asked asks aspect assess asset assets assist assume atlas atom attach attack attempt
    attend audience august author autumn available average avoid awake award aware away awesome baby back bad badly
    bag balance ball bamboo band bar base based basic basis basket bath battle beach beam bear beat beautiful beauty
    became become bed began begin behavior behind being belief believe bell belong bench benefit benefits best better
    between beyond big bigger biggest bill bills bird birth bit bite black blame blank blind block blocks blood blow
    blue board boards boat body bold bolt bomb bone bonus book books boost born borrow boss both bottle bottom box
    boxes boy brain branch brand brave bread break breath breed brick bridge brief bright bring bringing broad broke
    broken brother brought brown brush budget build building buildings built burn bus business busy button buy buyer
    buyers buying calm came camel camera camp cannot cap capture car card cards care career careful carry cars case
    cases cash castle cat catch cause center central century certain certainly chad chain chair challenge chance
    change changed changes charge chart charming chat cheap check cheese chef chest chicken chief child children
    choice choose chose chosen circle circles citizen city claim class classes clean clear clearly clever click client
    clients climb clock close closed closely cloth clothes cloud coach coast coat code coffee cold collect collide
    color come comes comfort coming command comment commit common company compare compass complete complex concern
    concert concrete condition confirm connect consider consul contact contain content contest context continue
    control cook cool copper copy coral core corner correct cost costs could count counter country couple courage
    course cousin cover cow craft crane crash crazy cream create created creating creation credit crew crime crisis
    critical cross crowd crown cry culture cultures cup current curtain curve custom customer customers cut cycle dad
    daily dance danger dark dart dash data date dates daughter day days dead deal deals dear debate debt decide
    decided decision deep deeper degree delay deliver delivered delta demand depend depth desert design desk detail
    details develop device devices diamond did die diet differ different difficult dig dinner direct direction
    director dirty discover discuss disk dive divide doctor document does dog dollar done door dot double doubt down
    dozen draft dragonfly drag draw dream dress drift drill drink drive driver drives drop drove drown drum dry duck
    due dust duty dynamo each eager eagle early earn earth ease easier easily east easy eat echo edge effect effort
    egg eight either elastic element eleven else ember empty end ended ends enemy energy engine enjoy enough ensure
    enter entire entry envoy equal error escape especially essential even evening evenings event events ever every
    everybody everyone everything evidence exact exactly exam example examples excel except excited exchange excuse
    exist existing exists expect expected expects expensive experience expert explain explore express extra eye face
    faces fact factor facts fail fails failure fair fairly faith falcon fall false fame family famous fan far farm
    fashion fast faster fat father fault favorite fear fears feature fed feed feedback feeds feel feeling feet fell
    felt fence few field fields fifteen fifth fifty fight figure file files fill film filter final finally finance
    find finding fine finger finish fire firm first fish fit five fix flag flash flask flat flies flight float floor
    flow flower flux fly focus fold folk folks follow food foot force foreign forest forget form forms fort forth
    fortune forty forum forward fossil found founder four fox frame free freedom freeze fresh friday friend friends
    front fruit fuel fulfil full fully fun function functions fund funny future gain game games gap garden gas gate
    gave gear general gentle get gets getting ghost giant gift girl give given gives giving glad glass global glue
    goal goals god goes going gold golf gone good goods got grab grace grade grand grant grass great green grew grey
    grid ground group groups grow growing grown grows growth guard guess guest guide guilty guinea gun guy habit hair
    half hall hammer hand hands handle happen happened happens happy harbor hard harder hardly harm harvest hat hate
    haven hawk head health heap hear heard heart heat heavy height held hello helm help helped helps hence herself
    hidden hide high higher highest highly hill himself hire history hit hive hold holds hole holiday home honest
    honey hope horizon horn horse host hosts hot hotel hour hours house how however hub hubs huge human humble hundred
    hungry hunt hurry hurt hurts husband ice idea ideal ideally ideas image images imagine impact important improve
    inch include included income increase indeed index industry inform information inner input inside insight insights
    insist instead intend intent interest interested interesting interview invite iron island issue issues item items
    itself jersey job jobs join joined joke jordan journey joy judge juice july jump june jury just keen keep keeping
    keeps kept key keys kick kid kids kill kind kinds king kitchen kite knee knew knife knight knock know knowing
    known knows label labels lack lady laid lake lamp land landing language languages large largely larger last
    lasting late later latest laugh launch launching law lay layer lazy lead leader leaders leads leaf lean learn
    learned learning least leather leave leaves leaving led left leg lemon lend length less lesson let lets letter
    level levels liberty library lie life lift light lightning like liked likely likes limit limits line lines link
    links lion list listen listening listings lists little live lived lives living load loads local lock locks log
    logic logo logs long longer look looked looking looks loop loose lord lose losing loss lost lot lots loud love
    loved lovely loves low lower luck lucky lunch lung machine machines mad made madness magic mail main mainly major
    make maker makes making male man manage managed manager many map maps march mark market markets marry mask mass
    master match matches mate material matter matters maven maximum may maybe meal mean meaning means meant measure
    measured measures meat medal media medium meet meeting meetings meets member members memory mental mention menu
    mercury message messages met metal meter method methods middle might mild mile milk million mind mine minor minute
    minutes mirror miss missed missing mission mistake mix mixed mobile mode model models modern moment monday money
    month monthly months mood moon moral more morning most mostly mother motion mount mountain mouse mouth move moved
    movement moves movie moving much mud multiple music must mutual mystery nail naked name named names narrow nation
    national native natural nature near nearby nearly neat necessary neck need needed needs negative neighbor
    neighbors neighbour neighbours neither nerve nest net never new newcomer newcomers newer news next nice night nine
    nobody node noise nomad none noon nor normal normally north nose notary note notes nothing notice notion noun
    novel november nowhere number numbers nurse oak object ocean october odd offer offered offers office offices
    official often oil okay old older once ones onion online only onto open opening opera operate operates opinion
    opposite option options oracle orange orbit orchard order orders ordinary organ other others otherwise ought
    outcome outlook outside oven over overall owl own owned owner owners oxygen pace pack package page pages paid pain
    paint pair palace pale pan panel paper papers paragraph parent park part particular particularly partly partner
    partners party pass passed passenger passengers past patch path patient pattern patterns pause pay paying pays
    peace peak pear pearl peer peers pen pencil people pepper per perfect perhaps period person personal persons
    persuasive phase phone phones photo phrase pick picture piece pieces pig pile pilot pin pink pioneer pipe place
    places plain plan plane planet planned planning plans plant plants plate platform play played player players
    please pleased pleasure plenty plot plug plus pocket poem point points pole police policy polish polite pool pools
    poor popular port portal position positive possible possibly post pot potential pound pour power practice
    practices praise pray prefer preferably preferred prepare presence present preserve press pressure pretty prevent
    price prices pride primary prime print prior prison private prize probably problem problems proceed process
    processes produce produced product production products profit program programs progress project projects promise
    promote proof proper properly property propose prospect protect proud prove proved proven provide provided
    provider providers provides public pull pulled pulling pulse pump pupil puppet pure purple purpose push put puts
    putting puzzle pyramid python quality quarter queen question questions queue queues quick quickly quiet quit quite
    quote quotes race radio rail rain raise raised ran random range rank rapid rare rate rather raw ray reach reached
    react reaction read reader readers reading ready real realize really realm reason reasons receive recent recently
    record red reduce refer reference references reflect reform refuse refuses regard region regional regions regular
    reject relate related relation relax release relevant relief remain remember remind remote remove rent repair
    repeat repeatable replace replaced replied reply report reports request requests require required rescue research
    respect respond response responsible rest result results retain return returns reveal review reviews reward rex
    rich ride right ring rise risk risks river road rock rocket role roles roll roof rook room rooms root rope rose
    rough round route row royal ruby rule rules run running runs rush rust sad saddle safe safely safety said sail
    sale sales salt same sample sand sat save saved saves saving saw say saying says scale scales scared scaring scene
    scheme school science score screen script sea search season seat second secret section secure seed seek seeking
    seeks seem seems seen segment self sell selling sells send sending sense sensible sent sentence separate serious
    serve served server servers service services set sets setting settle seven several shade shadow shake shaking
    shall shape share shared sharing sharp sheet sheets shelf shell shift shine ship shipped ships shirt shock shoe
    shoot shop shops short shot should shout show showed showing shown shows shut shy sick side sides sight sign
    signal signals silence silent silk silly silver similar simple simply since sing single sink sister site sites
    situation six size sizes sketch skill skills skin sky slack sleep slice slide slight slow slowly small smaller
    smart smell smile smoke smooth snake snow snowflake social soft soil sold soldier solid solution solutions solve
    some somebody somehow someone something sometimes son song soon sorry sort sorts soul sound sounds source south
    space spare spark speak speaker speakers speaking speaks special specific speech speed spell spend spends spent
    spider spirit split spoke sport spot spray spread spring square stack staff stage stages stair stand standard
    standards standing stands star stars start started starting starts state states station stay steady steal steam
    steel step steps stick sticks still stock stone stood stop stops store storm story stories straight strange stream
    street strength stress stretch strict strike string strip stripe strong struggle struggling student studies studio
    study stuff style subject success such sudden suffer sugar suggest suit suitable suite summer sun sunday supply
    support supports suppose sure surface surge surprise swamped sweet swift swim swing switch switched sword symbol
    system systems table tableau tail take taken takes taking tale talk talked talking talks tall tank tap target task
    tasks taste taught tax tea teach team teams tear tell telling tempo ten tend term terms test tests text than thank
    thanks thanos theme theory thick thin thing things think thinking thinks third thirty thorough though thought
    thoughts thousand thread threat three threw throw thumb thunder thursday ticket tide tie tiger tight till time
    times tin tiny tip tire tired title today together told tomorrow tone tongue tonight took tool tooling tools tooth
    top topic topics torch total touch tough tour toward towards tower town toy track tracks trade traffic trail train
    transfer transport trap travel travis treasure treat tree trend trial trick tried trim trip trouble truck true
    trust truth try trying tuesday tune turkey turn turned turns twelve twenty twice twin twist two type types typical
    ugly uncle under understand understands unique unit units unity universe unknown unless unlikely until upon upper
    upset urgent urgently usage use used useful user users uses using usual usually vague valley valuable value values
    various vault venue version versus very view views village visible vision visit visits vital voice voices volume
    vote wage wagon wait waiting wake walk wall want wanted wanting wants war warm warn warning wash waste watch
    watching water wave way ways weak wealth wear weather web wednesday week weekend weekly weeks weigh weight welcome
    well went west wet whatever wheel whenever where whereas wherever whether which while white whole whose wide
    widely wife wild will willing win wind window windows wine wing winner winter wire wise wish wishes within without
    woman women wonder wonderful wood word words work workday worked worker workers working works world worlds worried
    worry worse worst worth would wrap write writing written wrong wrote yard yeah year years yellow yes yesterday yet
    yield young youth zero zone zoom monitor monitored sensor compound closing blessed cabinet plunge catalogue
    catalogues shaken mobilise mobilize standardised standardized standardise accept grows bidder rehearse rehearsing
    plumb wallets tenant trimmed opposed stable stables trailer trained training trains charged changing charter
    winning wining stalled hosted posted coasts boasts roasted taxes taxis texts tests tastes teaches reaches beaches
    leaches statue status stature mature nature planner planers banner banker manner manners contract contrast
    contacts counsel council councils console principle principal
    """.split()
)

REQUEST_WORDS: frozenset[str] = frozenset(
    """
    account anybody anyone anything ask asked asking asks available brief candidate candidates champion chat client
    clients comparable connect contact contacts customer customers deal does else everybody everyone example examples
    fine find finding get give given glad good great happy hear hearing help hi hello hope ideal ideally interested
    introduce know like likely lined look looking looks lovely love loved match maybe meet name names need needed
    needing needs offer one ones opportunity otherwise peer peers people perfect perhaps person persuasive pitch
    pitching please pool possible possibly prefer preferably preferred preference prospect prospects provide put
    really reference references regards request requested requesting requests right sales seek seeking seeks seem show
    showing someone somebody something soon speak speaking speaks story stories suggest suggestion suggestions sure
    talk talked talking talks team thank thanks thing things think today together urgent urgently use used using voice
    want wanted wanting wants well willing wish wishes wonder wondering work working works would yes able also already
    another around big bit bonus charming could either especially ever every first instead many may might mind much
    must new nice nothing often only open particularly plus rather require required requires several similar since
    still take taking tell though till try trying unless us via way ways whether within without yet let lets us day
    days week weeks others ok okay co approx approximately wonders nps promoter promoters level based month months
    minute minutes hour hours asap company companies firm firms group groups business businesses organization
    organizations organisation organisations year years went going goes call calls director directors staff site sites
    current currently ahead live run runs running mention mentions mentioning made make makes making move moved moves
    moving
    """.split()
)

COMMON_STEMS: frozenset[str] = frozenset(stem(word) for word in COMMON_WORDS | REQUEST_WORDS)
