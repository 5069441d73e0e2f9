using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Running.Configuration;
using static EdgeBench.Running.Tests.Configuration.FakeVocabulary;

namespace EdgeBench.Running.Tests.Configuration;

public class OverrideTests
{
    private const string Text = """
        name: first-look
        models: { ref: random:llama-15m, own: { source: file:a.gguf } }
        recipes:
          int4: [ { ptq: { weights: q4_0 } } ]
          prune0.5: [ { prune: { sparsity: 0.5 } } ]
        backends: [managed]
        workloads:
          chat: { scenario: single-stream, prompt: 128 }
        """;

    [Fact]
    public void Overrides_change_create_and_replace_in_the_order_given()
    {
        BenchConfiguration bench = Parse(
            Text,
            "workloads.chat.threads=[1,2]", "models.ref=file:b.gguf", "models.own.source=random:llama-15m", "models.third.source=bundled:x",
            "measure.sessions=1", "measure.sessions=2", "recipes.int4[0].ptq.weights=q8_0", "recipes.prune0.5[0].prune.sparsity=0.25",
            "recipes.'prune0.5'[0].prune.method=wanda", "backends[0]=llamacpp", "description=\"a=b, c\"");

        Assert.Equal(["chat[threads=1]", "chat[threads=2]"], bench.Workloads.Select(workload => workload.Name));
        Assert.Equal(["file:b.gguf", "random:llama-15m", "bundled:x"], bench.Models.Select(model => model.Source));
        Assert.Equal(2, bench.Measure.Sessions);
        Assert.Equal("q8_0", bench.Recipes[0].Passes[0].Parameters.GetProperty("weights").GetString());
        Assert.Equal("""{"layers":[],"method":"wanda","sparsity":0.25}""", bench.Recipes[1].Passes[0].Parameters.GetRawText());
        Assert.Equal("llamacpp", bench.Backends[0].Type);
        Assert.Equal("a=b, c", bench.Description);
    }

    [Theory]
    [InlineData("workload.chat.threads=2", "unknown key 'workload'", "Did you mean 'workloads'?")]
    [InlineData("workloads.chatt.threads=2", "workloads.chatt: no 'scenario'", "Did you mean 'chat'?")]
    [InlineData("workloads.chat.thraeds=2", "unknown key 'thraeds'", "Did you mean 'threads'?")]
    [InlineData("workloads.chat.threads=many", "workloads.chat.threads: text 'many'", "from 1 to 1024")]
    [InlineData("recipes.int44[0].ptq.weights=q8_0", "unknown key 'int44'", "Did you mean 'int4'?")]
    [InlineData("recipes.int4[1].ptq.weights=q8_0", "index 1 of a list with 1 entries", "from 0 to 0")]
    [InlineData("recipes.int4.ptq.weights=q8_0", "recipes.int4: a list where ptq is to be set", "[0]")]
    [InlineData("models.ref.source=file:x", "models.ref: text 'random:llama-15m' where source is to be set", "models.ref=…")]
    [InlineData("name[0]=x", "where [0] is to be set", "expected a list")]
    [InlineData("measure.sessions", "override 'measure.sessions'", "path=value")]
    [InlineData("=1", "override '=1'", "path=value")]
    [InlineData("", "override ''", "path=value")]
    [InlineData("a..b=1", "override 'a..b=1'", "path=value")]
    [InlineData("recipes.int4[x]=1", "override", "path=value")]
    [InlineData("measure.sessions=", "no value after '='", "a YAML value")]
    [InlineData("measure.sessions=[1", "YAML syntax", "closed")]
    public void A_wrong_override_is_named_with_the_part_that_fails(string expression, string offender, string remedy)
    {
        Problem problem = Assert.Single(ProblemsOf(Text, expression));
        Assert.StartsWith("--set ", problem.File);
        Assert.Null(problem.Line);
        Assert.Contains(offender, problem.ToString());
        Assert.Contains(remedy, problem.ToString());
    }

    [Fact]
    public void An_alias_bomb_in_an_override_is_refused()
    {
        string bomb = string.Join(", ", Enumerable.Range(0, 10).Select(i => i == 0 ? "&a0 [x,x,x,x,x,x,x,x,x]" : $"&a{i} [{string.Join(',', Enumerable.Repeat($"*a{i - 1}", 9))}]"));
        Assert.Contains("100,000 values", Assert.Single(ProblemsOf(Text, $"x-a=[{bomb}]")).ToString());
    }

    [Theory]
    [InlineData("devices.board.launcher.ssh.user=pi", "devices.board.launcher.ssh.user=…")]
    [InlineData("devices.board={launcher: {command: {command: [sh, -c, key=secret]}}}", "devices.board=…")]
    [InlineData("'devices'.board.launcher=local", "'devices'.board.launcher=…")]
    [InlineData("devices={board: {launcher: local}}", "devices=…")]
    [InlineData("devices=[local, my-pi]", "devices=[local, my-pi]")]
    [InlineData("workloads.chat.threads=[1,2]", "workloads.chat.threads=[1,2]")]
    [InlineData("bench.yaml", "bench.yaml")]
    [InlineData("--set", "--set")]
    public void How_a_device_is_reached_is_not_kept_with_the_command(string word, string kept) => Assert.Equal(kept, BenchFile.Recorded(word));
}
