using System.Globalization;
using System.Runtime.CompilerServices;

namespace EdgeBench.Models.ChatTemplates;

/// <summary>Expressions, with Jinja's precedence: ternary, or, and, not, comparisons, + -, ~, * / // %, **, signs, postfixes, filters and tests.</summary>
internal sealed class ExpressionParser(List<Token> tokens)
{
    private int _at;

    public Token Current => tokens[_at];

    public Token Peek => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public Token Take() => tokens[_at++];

    public Token Expect(TokenType type) => Current.Type == type ? Take() : throw TemplateErrors.At(Current.Line, Shown(Current), $"{type}");

    public void ExpectName(string name)
    {
        if (!SkipName(name)) throw TemplateErrors.At(Current.Line, Shown(Current), $"'{name}'");
    }

    public bool SkipName(string name) => Skip(TokenType.Name, name);

    public bool SkipOperator(string text) => Skip(TokenType.Operator, text);

    /// <summary>Names parted by commas, perhaps in brackets.</summary>
    public List<string> Names()
    {
        bool bracket = SkipOperator("(");
        List<string> names = [Expect(TokenType.Name).Text];
        while (SkipOperator(",")) names.Add(Expect(TokenType.Name).Text);
        if (bracket) ExpectOperator(")");
        return names;
    }

    /// <summary>One expression, or several parted by commas as a list.</summary>
    public Expression Tuple()
    {
        Expression first = Expression();
        if (!IsOperator(",")) return first;
        List<Expression> items = [first];
        while (SkipOperator(",") && Current.Type is not (TokenType.BlockEnd or TokenType.OutputEnd)) items.Add(Expression());
        return new ListExpression(items, IsTuple: true);
    }

    public Expression Expression()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        Expression value = Or();
        while (SkipName("if"))
        {
            Expression test = Or();
            Expression? otherwise = SkipName("else") ? Expression() : null;
            value = new TernaryExpression(value, test, otherwise);
        }
        return value;
    }

    /// <summary>An expression where a following <c>if</c> is not its own (after <c>for … in</c>).</summary>
    public Expression WithoutCondition() => Or();

    /// <summary>Parameters of a macro with their defaults.</summary>
    public List<(string, Expression?)> Parameters()
    {
        List<(string, Expression?)> parameters = [];
        ExpectOperator("(");
        while (!SkipOperator(")"))
        {
            if (parameters.Count > 0) ExpectOperator(",");
            parameters.Add((Expect(TokenType.Name).Text, SkipOperator("=") ? Expression() : null));
        }
        return parameters;
    }

    /// <summary>Filters that follow, each after its bar.</summary>
    public List<Func<Expression, Expression>> FilterChain()
    {
        List<Func<Expression, Expression>> filters = [];
        while (SkipOperator("|")) filters.Add(Filter());
        return filters;
    }

    public Func<Expression, Expression> Filter()
    {
        Token name = Expect(TokenType.Name);
        Filters.Function filter = Filters.Find(name.Text) ?? throw TemplateErrors.At(name.Line, $"filter '{name.Text}'", $"one of {string.Join(", ", Filters.Names)}");
        Arguments arguments = IsOperator("(") ? CallArguments() : Arguments.None;
        return value => new FilterExpression(value, filter, arguments, name.Line);
    }

    private Expression Or()
    {
        Expression left = And();
        while (SkipName("or")) left = new LogicalExpression(left, And(), IsOr: true);
        return left;
    }

    private Expression And()
    {
        Expression left = Not();
        while (SkipName("and")) left = new LogicalExpression(left, Not(), IsOr: false);
        return left;
    }

    private Expression Not()
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return SkipName("not") ? new NotExpression(Not()) : Comparison();
    }

    private Expression Comparison()
    {
        Expression first = Sum();
        List<(string, Expression)> rest = [];
        while (true)
        {
            Token token = Current;
            if (token.Type == TokenType.Operator && token.Text is "==" or "!=" or "<" or "<=" or ">" or ">=")
            {
                Take();
                rest.Add((token.Text, Sum()));
            }
            else if (SkipName("in"))
            {
                rest.Add(("in", Sum()));
            }
            else if (token is { Type: TokenType.Name, Text: "not" } && Peek is { Type: TokenType.Name, Text: "in" })
            {
                _at += 2;
                rest.Add(("not in", Sum()));
            }
            else
            {
                return rest.Count == 0 ? first : new CompareExpression(first, rest, token.Line);
            }
        }
    }

    private Expression Sum() => Binary(Concatenation, "+", "-");

    private Expression Concatenation() => Binary(Product, "~");

    private Expression Product() => Binary(Power, "*", "/", "//", "%");

    private Expression Power() => Binary(() => Signed(filters: true), "**");

    private Expression Binary(Func<Expression> operand, params string[] operators)
    {
        Expression left = operand();
        while (Current.Type == TokenType.Operator && operators.Contains(Current.Text))
        {
            Token token = Take();
            left = new BinaryExpression(token.Text, left, operand(), token.Line);
        }
        return left;
    }

    private Expression Signed(bool filters)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int line = Current.Line;
        Expression value = SkipOperator("-") ? new SignExpression(Signed(filters: false), Negative: true, line)
            : SkipOperator("+") ? new SignExpression(Signed(filters: false), Negative: false, line) : Primary();
        value = Postfix(value);
        return filters ? FiltersAndTests(value) : value;
    }

    private Expression FiltersAndTests(Expression value)
    {
        while (true)
        {
            if (SkipOperator("|")) value = Filter()(value);
            else if (SkipName("is")) value = Test(value);
            else if (IsOperator("(")) value = Postfix(value);
            else return value;
        }
    }

    private TestExpression Test(Expression value)
    {
        bool negated = SkipName("not");
        Token name = Expect(TokenType.Name);
        TemplateTests.Function test = TemplateTests.Find(name.Text) ?? throw TemplateErrors.At(name.Line, $"test '{name.Text}'", $"one of {string.Join(", ", TemplateTests.Names)}");
        Arguments arguments = Arguments.None;
        if (IsOperator("(")) arguments = CallArguments();
        else if (StartsOperand()) arguments = new Arguments([Postfix(Primary())], []);
        return new TestExpression(value, test, arguments, negated, name.Line);
    }

    private bool StartsOperand() => Current.Type switch
    {
        TokenType.Name => Current.Text is not ("else" or "or" or "and" or "is" or "if" or "not" or "in"),
        TokenType.Text or TokenType.Integer or TokenType.Real => true,
        TokenType.Operator => Current.Text is "[" or "{",
        _ => false,
    };

    private Expression Postfix(Expression value)
    {
        while (true)
        {
            int line = Current.Line;
            if (SkipOperator("."))
            {
                Token name = Take();
                value = name.Type switch
                {
                    TokenType.Name => new AttributeExpression(value, name.Text, line),
                    TokenType.Integer => new ItemExpression(value, new LiteralExpression(Integer(name)), line),
                    _ => throw TemplateErrors.At(line, Shown(name), "a name after '.'"),
                };
            }
            else if (SkipOperator("["))
            {
                value = Subscript(value, line);
            }
            else if (IsOperator("("))
            {
                value = new CallExpression(value, CallArguments(), line);
            }
            else
            {
                return value;
            }
        }
    }

    private Expression Subscript(Expression value, int line)
    {
        Expression? start = IsOperator(":") ? null : Expression();
        if (start is not null && SkipOperator("]")) return new ItemExpression(value, start, line);
        ExpectOperator(":");
        Expression? stop = IsOperator(":") || IsOperator("]") ? null : Expression();
        Expression? step = SkipOperator(":") && !IsOperator("]") ? Expression() : null;
        ExpectOperator("]");
        return new SliceExpression(value, start, stop, step, line);
    }

    private Arguments CallArguments()
    {
        List<Expression> positions = [];
        List<(string, Expression)> names = [];
        ExpectOperator("(");
        while (!SkipOperator(")"))
        {
            if (positions.Count + names.Count > 0)
            {
                ExpectOperator(",");
                if (SkipOperator(")")) break;
            }
            if (IsOperator("*") || IsOperator("**")) throw TemplateErrors.At(Current.Line, "unpacked arguments", "arguments one by one");
            if (Current.Type == TokenType.Name && Peek is { Type: TokenType.Operator, Text: "=" })
            {
                string name = Take().Text;
                Take();
                names.Add((name, Expression()));
            }
            else
            {
                positions.Add(Expression());
            }
        }
        return new Arguments(positions, names);
    }

    private Expression Primary()
    {
        Token token = Take();
        switch (token.Type)
        {
            case TokenType.Name:
                return token.Text switch
                {
                    "true" or "True" => new LiteralExpression(true),
                    "false" or "False" => new LiteralExpression(false),
                    "none" or "None" => new LiteralExpression(null),
                    _ => new NameExpression(token.Text),
                };
            case TokenType.Text:
                string text = token.Text;
                while (Current.Type == TokenType.Text) text += Take().Text;
                return new LiteralExpression(text);
            case TokenType.Integer:
                return new LiteralExpression(Integer(token));
            case TokenType.Real:
                return new LiteralExpression(double.Parse(token.Text, CultureInfo.InvariantCulture));
            case TokenType.Operator when token.Text == "(":
                if (SkipOperator(")")) return new ListExpression([], IsTuple: true);
                Expression inner = Bracketed();
                ExpectOperator(")");
                return inner;
            case TokenType.Operator when token.Text == "[":
                return new ListExpression(Items("]"));
            case TokenType.Operator when token.Text == "{":
                return Map();
            default:
                throw TemplateErrors.At(token.Line, Shown(token), "an expression");
        }
    }

    private Expression Bracketed()
    {
        Expression first = Expression();
        if (!IsOperator(",")) return first;
        List<Expression> items = [first];
        while (SkipOperator(",") && !IsOperator(")")) items.Add(Expression());
        return new ListExpression(items, IsTuple: true);
    }

    private List<Expression> Items(string close)
    {
        List<Expression> items = [];
        while (!SkipOperator(close))
        {
            if (items.Count > 0)
            {
                ExpectOperator(",");
                if (SkipOperator(close)) break;
            }
            items.Add(Expression());
        }
        return items;
    }

    private MapExpression Map()
    {
        List<(Expression, Expression)> entries = [];
        while (!SkipOperator("}"))
        {
            if (entries.Count > 0)
            {
                ExpectOperator(",");
                if (SkipOperator("}")) break;
            }
            Expression key = Expression();
            ExpectOperator(":");
            entries.Add((key, Expression()));
        }
        return new MapExpression(entries);
    }

    private static long Integer(Token token) => long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
        ? value : throw TemplateErrors.At(token.Line, $"number {token.Text}", "a number of 64 bits");

    private bool IsOperator(string text) => Current.Type == TokenType.Operator && Current.Text == text;

    private void ExpectOperator(string text)
    {
        if (!SkipOperator(text)) throw TemplateErrors.At(Current.Line, Shown(Current), $"'{text}'");
    }

    private bool Skip(TokenType type, string text)
    {
        if (Current.Type != type || Current.Text != text) return false;
        _at++;
        return true;
    }

    private static string Shown(Token token) => token.Type switch
    {
        TokenType.End => "the end of the template",
        TokenType.BlockEnd or TokenType.OutputEnd => "the end of a tag",
        _ => Gguf.GgufErrors.Quoted(token.Text),
    };
}
