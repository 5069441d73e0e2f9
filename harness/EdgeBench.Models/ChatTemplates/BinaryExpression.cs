using System.Text;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Arithmetic with Python's rules: / is exact division, // and % round down, + joins texts and lists, * repeats them.</summary>
internal sealed record BinaryExpression(string Sign, Expression Left, Expression Right, int Line) : Expression
{
    public override object? Evaluate(TemplateRun run)
    {
        run.Budget.Step();
        object? left = Left.Evaluate(run), right = Right.Evaluate(run);
        if (Sign == "~") return Joined(Values.Text(left, run.Budget), Values.Text(right, run.Budget), run);
        try
        {
            return (left, right) switch
            {
                (string a, string b) when Sign == "+" => Joined(a, b, run),
                (List<object?> a, List<object?> b) when Sign == "+" => JoinedLists(a, b, run),
                (string a, _) when Sign == "*" && Values.Integer(right) is { } times => Repeated(a, times, run),
                (_, string b) when Sign == "*" && Values.Integer(left) is { } times => Repeated(b, times, run),
                (List<object?> a, _) when Sign == "*" && Values.Integer(right) is { } times => RepeatedList(a, times, run),
                _ when Sign is not "/" && Values.Integer(left) is { } a && Values.Integer(right) is { } b && !(Sign == "**" && b < 0) => OfIntegers(a, b),
                _ when Values.Number(left) is { } a && Values.Number(right) is { } b => OfReals(a, b),
                _ => throw TemplateErrors.At(Line, $"{Values.Kind(left)} {Sign} {Values.Kind(right)}", "two numbers, or texts or lists that go together"),
            };
        }
        catch (OverflowException)
        {
            throw TemplateErrors.At(Line, "a number of more than 64 bits", "a smaller one");
        }
    }

    private static string Joined(string a, string b, TemplateRun run)
    {
        run.Budget.Spend((long)a.Length + b.Length);
        return a + b;
    }

    private static List<object?> JoinedLists(List<object?> a, List<object?> b, TemplateRun run)
    {
        run.Budget.SpendItems((long)a.Count + b.Count);
        return [.. a, .. b];
    }

    private static string Repeated(string text, long times, TemplateRun run)
    {
        run.Budget.Spend(Size(text.Length, times));
        return new StringBuilder().Insert(0, text, (int)Math.Max(0, text.Length == 0 ? 0 : times)).ToString();
    }

    private static List<object?> RepeatedList(List<object?> list, long times, TemplateRun run)
    {
        run.Budget.SpendItems(Size(list.Count, times));
        List<object?> output = [];
        for (long i = 0; i < times && list.Count > 0; i++) output.AddRange(list);
        return output;
    }

    private static long Size(int length, long times) => length == 0 || times <= 0 ? 0 : times > int.MaxValue ? long.MaxValue / 2 : length * times;

    private long OfIntegers(long a, long b) => Sign switch
    {
        "+" => checked(a + b),
        "-" => checked(a - b),
        "*" => checked(a * b),
        "//" => b == 0 ? throw ByZero() : b == -1 ? checked(-a) : (a / b) - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0),
        "%" => b == 0 ? throw ByZero() : b == -1 ? 0 : a % b != 0 && (a % b < 0) != (b < 0) ? (a % b) + b : a % b,
        _ => Power(a, b),
    };

    private double OfReals(double a, double b) => Sign switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => b == 0 ? throw ByZero() : a / b,
        "//" => b == 0 ? throw ByZero() : Math.Floor(a / b),
        "%" => b == 0 ? throw ByZero() : a - (b * Math.Floor(a / b)),
        _ => Math.Pow(a, b),
    };

    private static long Power(long value, long exponent)
    {
        if (value is 0 or 1) return exponent == 0 ? 1 : value;
        if (value == -1) return exponent % 2 == 0 ? 1 : -1;
        long result = 1;
        for (long i = 0; i < exponent; i++) result = checked(result * value);
        return result;
    }

    private Core.Problems.EdgeBenchException ByZero() => TemplateErrors.At(Line, "a division by zero", "another divisor");
}
