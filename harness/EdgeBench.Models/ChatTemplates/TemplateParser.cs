namespace EdgeBench.Models.ChatTemplates;

/// <summary>Statements of a template.</summary>
internal sealed class TemplateParser(List<Token> tokens)
{
    private readonly ExpressionParser _expressions = new(tokens);

    public List<Statement> Template()
    {
        List<Statement> body = Body();
        if (_expressions.Current.Type != TokenType.End) throw Unexpected();
        return body;
    }

    private List<Statement> Body(params string[] ends)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        List<Statement> body = [];
        while (true)
        {
            Token token = _expressions.Current;
            switch (token.Type)
            {
                case TokenType.Data:
                    _expressions.Take();
                    body.Add(new DataStatement(token.Text));
                    break;
                case TokenType.OutputStart:
                    _expressions.Take();
                    body.Add(new OutputStatement(_expressions.Tuple()));
                    _expressions.Expect(TokenType.OutputEnd);
                    break;
                case TokenType.BlockStart when !ends.Contains(_expressions.Peek.Text):
                    body.Add(Block());
                    break;
                default:
                    return body;
            }
        }
    }

    private Statement Block()
    {
        _expressions.Take();
        Token name = _expressions.Expect(TokenType.Name);
        return name.Text switch
        {
            "if" => If(),
            "for" => For(),
            "set" => Set(),
            "macro" => Macro(),
            "filter" => Filter(),
            "call" => Call(),
            "break" => Leaf(new JumpStatement(Jump.Break)),
            "continue" => Leaf(new JumpStatement(Jump.Continue)),
            "do" => Leaf(new DiscardStatement(_expressions.Tuple())),
            // transformers' marker of what an assistant wrote: it prints its body.
            "generation" => Plain("endgeneration"),
            _ => throw TemplateErrors.At(name.Line, $"statement '{name.Text}'", "one of if, for, set, macro, call, filter, break, continue, generation, raw"),
        };
    }

    private Statement Leaf(Statement statement)
    {
        EndTag();
        return statement;
    }

    private BodyStatement Plain(string end)
    {
        EndTag();
        List<Statement> body = Body(end);
        End(end);
        return new BodyStatement(body);
    }

    private IfStatement If()
    {
        List<(Expression, IReadOnlyList<Statement>)> branches = [];
        Expression test = _expressions.Tuple();
        while (true)
        {
            EndTag();
            branches.Add((test, Body("elif", "else", "endif")));
            Token end = TakeEnd();
            if (end.Text == "elif")
            {
                test = _expressions.Tuple();
                continue;
            }
            IReadOnlyList<Statement> otherwise = [];
            if (end.Text == "else")
            {
                EndTag();
                otherwise = Body("endif");
                end = TakeEnd();
            }
            if (end.Text != "endif") throw TemplateErrors.At(end.Line, $"'{end.Text}'", "'endif'");
            EndTag();
            return new IfStatement(branches, otherwise);
        }
    }

    private ForStatement For()
    {
        List<string> targets = _expressions.Names();
        _expressions.ExpectName("in");
        Expression items = _expressions.WithoutCondition();
        Expression? filter = _expressions.SkipName("if") ? _expressions.Expression() : null;
        if (_expressions.Current is { Type: TokenType.Name, Text: "recursive" }) throw TemplateErrors.At(_expressions.Current.Line, "a recursive loop", "loops that do not call themselves");
        EndTag();
        List<Statement> body = Body("else", "endfor");
        Token end = TakeEnd();
        IReadOnlyList<Statement> otherwise = [];
        if (end.Text == "else")
        {
            EndTag();
            otherwise = Body("endfor");
            end = TakeEnd();
        }
        if (end.Text != "endfor") throw TemplateErrors.At(end.Line, $"'{end.Text}'", "'endfor'");
        EndTag();
        return new ForStatement(targets, items, filter, body, otherwise);
    }

    private Statement Set()
    {
        Token first = _expressions.Current;
        List<string> targets = _expressions.Names();
        string? attribute = null;
        if (targets.Count == 1 && _expressions.SkipOperator(".")) attribute = _expressions.Expect(TokenType.Name).Text;
        if (_expressions.SkipOperator("=")) return Leaf(new SetStatement(targets, attribute, _expressions.Tuple()));
        if (targets.Count != 1) throw TemplateErrors.At(first.Line, "several names for one body", "one name");
        List<Func<Expression, Expression>> filters = _expressions.FilterChain();
        EndTag();
        List<Statement> body = Body("endset");
        End("endset");
        return new CaptureStatement(targets[0], attribute, body, filters);
    }

    private MacroStatement Macro()
    {
        string name = _expressions.Expect(TokenType.Name).Text;
        List<(string, Expression?)> parameters = _expressions.Parameters();
        EndTag();
        List<Statement> body = Body("endmacro");
        End("endmacro");
        return new MacroStatement(name, parameters, body);
    }

    private CallStatement Call()
    {
        List<(string, Expression?)> parameters = _expressions.Current is { Type: TokenType.Operator, Text: "(" } ? _expressions.Parameters() : [];
        Token at = _expressions.Current;
        if (_expressions.Expression() is not CallExpression call) throw TemplateErrors.At(at.Line, "'call' of something else", "a macro with its arguments");
        EndTag();
        List<Statement> body = Body("endcall");
        End("endcall");
        return new CallStatement(call, parameters, body);
    }

    private FilterStatement Filter()
    {
        List<Func<Expression, Expression>> filters = [_expressions.Filter()];
        filters.AddRange(_expressions.FilterChain());
        EndTag();
        List<Statement> body = Body("endfilter");
        End("endfilter");
        return new FilterStatement(body, filters);
    }

    private void End(string name)
    {
        Token end = TakeEnd();
        if (end.Text != name) throw TemplateErrors.At(end.Line, $"'{end.Text}'", $"'{name}'");
        EndTag();
    }

    private Token TakeEnd()
    {
        if (_expressions.Current.Type != TokenType.BlockStart) throw Unexpected();
        _expressions.Take();
        return _expressions.Expect(TokenType.Name);
    }

    private void EndTag() => _expressions.Expect(TokenType.BlockEnd);

    private Core.Problems.EdgeBenchException Unexpected() =>
        TemplateErrors.At(_expressions.Current.Line, _expressions.Current.Type == TokenType.End ? "the end of the template" : $"'{_expressions.Peek.Text}'", "the end of an open statement");
}
