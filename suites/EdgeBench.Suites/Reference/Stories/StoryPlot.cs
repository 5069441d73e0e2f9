namespace EdgeBench.Suites.Reference.Stories;

/// <summary>A goal with its attempts, troubles and ends. Slots are filled by <see cref="StoryGrammar"/>.</summary>
/// <param name="Things">What the plot is about: <c>{thing}</c>.</param>
internal sealed record StoryPlot(string Name, string[] Things, string[] Wants, string[] Tries, StoryTrouble[] Troubles, string[] Ends)
{
    public static IReadOnlyList<StoryPlot> All { get; } =
    [
        new("lost", ["silver key", "red hat", "old map", "wooden flute", "warm scarf"],
            ["One {day} {he} could not find {his} {thing}.", "{His} {thing} was gone, and {he} wanted it back.", "{He} had lost {his} {thing} and felt {sad} about it."],
            ["{He} looked under the bed and behind the door.", "{He} walked the whole way back and looked at every stone.", "{He} asked everyone in the street."],
            [
                new("dark", "Soon it was too dark to see anything.", "{Friend} came with a lamp and helped {him} to look.", "Then the moon came out and made the path bright."),
                new("river", "The {thing} had fallen into the river.", "{Friend} could swim and pulled it out of the water.", "{He} took a long branch and fished it out."),
                new("bird", "A bird had carried it into its nest.", "{He} gave the bird a shiny button for it.", "{Friend} climbed up and asked for it kindly."),
            ],
            ["At last {he} held the {thing} in {his} hands again.", "From then on {he} kept the {thing} in a safe place.", "{He} thanked {Friend} and never lost the {thing} again."]),
        new("build", ["boat", "kite", "bridge", "tree house", "sledge"],
            ["{He} wanted to build a {thing}.", "For weeks {he} had dreamed of a {thing} of {his} own.", "{He} promised {Friend} to build a {thing}."],
            ["{He} drew a plan and looked for wood.", "{He} worked with a hammer from morning to evening.", "{He} tied the first parts together with rope."],
            [
                new("broke", "But the wood was old and broke in two.", "{Friend} brought a strong board from the barn.", "{He} found better wood near the mill."),
                new("storm", "In the night a storm blew everything over.", "The next day {he} began again and tied it twice as well.", "{Friend} helped {him} to pick up every piece."),
                new("nails", "Then there were no more nails.", "{He} used wet rope in their place, and it held.", "{Friend} pulled some out of an old chair."),
            ],
            ["In the end the {thing} was ready, and it was strong.", "Everybody came to see the {thing}.", "{He} and {Friend} used the {thing} every day."]),
        new("bring", ["basket of apples", "letter", "pot of honey", "birthday cake", "blanket"],
            ["{He} had to bring a {thing} to {Friend}.", "{Friend} was ill, and {he} wanted to bring {Friend} a {thing}.", "One {day} {he} set out with a {thing} for {Friend}."],
            ["The way led over the hill and through the wood.", "{He} carried the {thing} very carefully.", "{He} walked fast and did not stop to rest."],
            [
                new("bridge", "But the bridge over the stream was gone.", "{He} laid a tree across and walked over it.", "A farmer took {him} over in his cart."),
                new("fog", "Then a thick fog came down, and {he} lost {his} way.", "{He} heard a bell and followed the sound.", "{He} waited under a tree until it was clear."),
                new("dog", "A big dog stood in the road and growled.", "{He} spoke to it softly, and it let {him} pass.", "{He} threw a stick, and the dog ran after it."),
            ],
            ["{Friend} was {glad} and took the {thing} with both hands.", "{Friend} made tea, and they sat together until night.", "{He} gave {Friend} the {thing} and ran home before dark."]),
        new("learn", ["swim", "whistle", "skate", "dance", "ride"],
            ["{He} wanted to learn to {thing}.", "All the others could {thing}, but {he} could not.", "{He} had always wished to {thing} as well as {Friend}."],
            ["Every {day} {he} tried it for an hour.", "{He} watched the others and did what they did.", "{He} tried again and again behind the house."],
            [
                new("fell", "But {he} fell down and hurt {his} knee.", "{Friend} told {him} to go slowly, and that helped.", "{He} rested for a day and tried once more."),
                new("laughed", "The others laughed at {him}.", "{Friend} did not laugh and showed {him} how.", "{He} did not listen and went on."),
                new("afraid", "But {he} was afraid and {his} legs would not move.", "{Friend} held {his} hand the first time.", "{He} counted to three and just began."),
            ],
            ["After a week {he} could {thing} better than anyone.", "Now {he} can {thing}, and {he} teaches the little ones.", "In the end {he} could {thing} and was {glad}."]),
        new("grow", ["pumpkin", "sunflower", "cherry tree", "rose", "bean"],
            ["{He} wanted to grow the biggest {thing} of all.", "{Friend} had given {him} a seed for a {thing}.", "One {day} {he} put the seed of a {thing} into the earth."],
            ["{He} gave it water every morning.", "{He} sat beside it and told it stories.", "{He} built a small fence around it."],
            [
                new("dry", "But it did not rain for a long time.", "{He} carried water from the well in a bucket.", "{Friend} dug a little ditch from the stream."),
                new("snails", "At night the snails came to eat the leaves.", "{He} carried every snail to the other side of the road.", "{Friend} laid sharp sand around it."),
                new("cold", "Then a cold night came much too early.", "{He} put {his} own coat over it.", "{Friend} brought straw to keep it warm."),
            ],
            ["In autumn the {thing} was taller than the house.", "The {thing} grew and grew, and everyone came to look.", "{He} shared the {thing} with {Friend} and kept one seed."]),
        new("cook", ["soup", "bread", "plum cake", "stew", "pie"],
            ["{He} wanted to make {thing} for {Friend}.", "It was the {day} of the feast, and {he} had to make the {thing}.", "{He} had never made {thing} before, but {he} wanted to try."],
            ["{He} read the book and put everything on the table.", "{He} lit the fire and washed {his} hands.", "{He} cut and stirred and tasted."],
            [
                new("salt", "But {he} took salt and thought it was sugar.", "{Friend} laughed and they began once more.", "{He} added water and honey, and it was good again."),
                new("fire", "Then the fire went out.", "{Friend} brought dry wood from the barn.", "{He} blew on it until it burned again."),
                new("egg", "There was no egg left in the house.", "{He} ran to the farm and got a fresh one.", "{Friend} knew a way to make it without one."),
            ],
            ["The {thing} was warm and good, and nothing was left.", "They ate the {thing} together and were {glad}.", "Since then {he} makes {thing} every week."]),
        new("climb", ["tower", "hill", "old oak", "cliff", "lighthouse"],
            ["{He} wanted to see the sea from the top of the {thing}.", "Nobody had ever been on top of the {thing}, and {he} wanted to be first.", "One {day} {he} and {Friend} went out to climb the {thing}."],
            ["The way up was long and steep.", "{He} took bread, water and a rope.", "{He} went up step by step and did not look down."],
            [
                new("wind", "Half way up a strong wind began to blow.", "{He} sat down behind a stone and waited.", "{Friend} held the rope, and so {he} did not fall."),
                new("door", "But there was a gate, and it was locked.", "{He} found a hole in the wall and went through.", "{Friend} knew where the key was."),
                new("tired", "Soon {he} was so tired that {he} could not go on.", "{Friend} sang a song, and so the way was shorter.", "{He} slept for an hour and felt strong again."),
            ],
            ["From the top {he} saw the sea and all the ships.", "At the top {he} shouted as loud as {he} could.", "They sat on the top until the sun went down."]),
        new("sound", ["bell", "drum", "song", "knocking", "whistle"],
            ["Every night {he} heard a strange {thing}.", "One {day} there was a {thing} in the wood that nobody knew.", "{He} wanted to know where the {thing} came from."],
            ["{He} put on {his} shoes and followed it.", "{He} stood still and listened with both ears.", "{He} took {his} lamp and went into the wood."],
            [
                new("cave", "The {thing} came out of a deep cave.", "{Friend} went in with {him}, and so {he} was not afraid.", "{He} called into the cave, and a voice answered."),
                new("stopped", "Suddenly the {thing} stopped.", "{He} waited without a word until it began again.", "{Friend} had seen a light and showed {him} the way."),
                new("two", "Now it came from two sides at once.", "{He} went left, and {Friend} went right.", "{He} followed the one that was louder."),
            ],
            ["It was only the wind in an old barrel, and they laughed.", "It was a little owl that wanted a friend.", "It was {Friend} who had made the {thing} to surprise {him}."]),
    ];
}
