namespace EdgeBench.Suites.Reference;

/// <summary>Numbers as people say them.</summary>
internal static class NumberWords
{
    private static readonly string[] s_small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
        "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] s_tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    /// <param name="number">0 to 99, or 100.</param>
    public static string Of(int number) => number switch
    {
        100 => "one hundred",
        < 20 => s_small[number],
        _ when number % 10 == 0 => s_tens[number / 10],
        _ => $"{s_tens[number / 10]} {s_small[number % 10]}",
    };

    /// <summary>In digits, or in words three times of ten.</summary>
    public static string Spoken(int number, Chance chance) => number <= 100 && chance.In100(30) ? Of(number) : $"{number}";
}
