using EdgeBench.Core.Problems;
using static EdgeBench.Running.Tests.Configuration.FakeVocabulary;

namespace EdgeBench.Running.Tests.Configuration;

public class ProblemTests
{
    /// <summary>Each case replaces one text of the minimal file and gives the one problem that follows: line, path, and words of its text.</summary>
    public static TheoryData<string, string, int, string?, string[]> Cases => new()
    {
        { "managed]", "managd]", 4, "backends[0]", ["unknown backend 'managd'", "llamacpp, managed", "Did you mean 'managed'?"] },
        { "backends: [managed]", "backends: { cpu: { } }", 4, "backends.cpu", ["unknown backend 'cpu'", "Add 'type'"] },
        { "backends: [managed]", "backends: { cpu: { type: managd } }", 4, "backends.cpu", ["'managd'", "Did you mean 'managed'?"] },
        { "backends: [managed]", "backends: [managed, managed]", 4, "backends[1]", ["duplicate backend 'managed'"] },
        { "backends: [managed]", "backends: []", 4, "backends", ["an empty list"] },
        { "backends: [managed]", "backends: { managed: { mmap: yes } }", 4, "backends.managed.mmap", ["text 'yes'", "true or false", "Write true"] },
        { "backends: [managed]", "backends: { llamacpp: { patience: 5 } }", 4, "backends.llamacpp.patience", ["'5'", "Add the unit: 5s."] },
        { "backends: [managed]", "backends: { llamacpp: { arena: 1GIB } }", 4, "backends.llamacpp.arena", ["'1GIB'", "2GiB"] },
        { "backends: [managed]", "backends: { llamacpp: { arena: 99999999TiB } }", 4, "backends.llamacpp.arena", ["'99999999TiB'"] },
        { "backends: [managed]", "backends: { llamacpp: { path: 12 } }", 4, "backends.llamacpp.path", ["'12'", "Quote it"] },
        { "fp16: []", "fp16: [pqt]", 3, "recipes.fp16[0]", ["unknown pass 'pqt'", "Did you mean 'ptq'?"] },
        { "fp16: []", "fp16: { ptq: { } }", 3, "recipes.fp16", ["a map", "Put it in a list"] },
        { "prompt: 128", "tests: [pp512, pp512]", 6, "workloads", ["duplicate name 'chat[pp512]'"] },
        { "fp16: []", "fp16:", 3, "recipes.fp16", ["no value", "Write []"] },
        { "{ fp16: [] }", "{ }", 3, "recipes", ["an empty map"] },
        { "fp16: []", "fp16: [{ ptq: { weigths: q8_0 } }]", 3, "recipes.fp16[0].ptq.weigths", ["unknown key 'weigths'", "Did you mean 'weights'?"] },
        { "fp16: []", "fp16: [{ ptq: { weights: q8 } }]", 3, "recipes.fp16[0].ptq.weights", ["'q8'", "f16, q8_0, q4_0"] },
        { "fp16: []", "fp16: [{ ptq: { method: gtpq } }]", 3, "recipes.fp16[0].ptq.method", ["'gtpq'", "Did you mean 'gptq'?"] },
        { "fp16: []", "fp16: [{ ptq: { weights: [] } }]", 3, "recipes.fp16[0].ptq.weights", ["an empty list"] },
        { "fp16: []", "fp16: [{ ptq: { weights: [q8_0, q8_0] } }]", 3, "recipes.fp16[0].ptq.weights[1]", ["duplicate value 'q8_0'"] },
        { "fp16: []", "fp16: [{ ptq: , weights: q8_0 }]", 3, "recipes.fp16[0]", ["a map with 2 keys", "Indent the parameters"] },
        { "fp16: []", "fp16: [prune]", 3, "recipes.fp16[0].prune", ["no 'sparsity'", "a number from 0 to below 1"] },
        { "fp16: []", "fp16: [{ prune: { sparsity: 1 } }]", 3, "recipes.fp16[0].prune.sparsity", ["'1'", "below 1"] },
        { "fp16: []", "fp16: [{ prune: { sparsity: .nan } }]", 3, "recipes.fp16[0].prune.sparsity", ["'.nan'"] },
        { "fp16: []", "fp16: [{ prune: { sparsity: 1e400 } }]", 3, "recipes.fp16[0].prune.sparsity", ["'1e400'"] },
        { "fp16: []", "fp16: [{ prune: { sparsity: 0, layers: a } }]", 3, "recipes.fp16[0].prune.layers", ["text 'a'", "a list", "Write [a]."] },
        { "ref: random", "'a b': random", 2, "models", ["model name 'a b'", "letters, digits"] },
        { "ref: random", "..: random", 2, "models", ["model name '..'"] },
        { "random:llama-15m", "rando:x", 2, "models.ref", ["'rando:x'", "file:, hf:, random:, bundled:", "Did you mean 'random'?"] },
        { "random:llama-15m", "models/x.gguf", 2, "models.ref", ["'models/x.gguf'", "write 'file:models/x.gguf'"] },
        { "random:llama-15m", "{ source: 'random:' }", 2, "models.ref.source", ["without a preset"] },
        { "random:llama-15m", "{ source: 'file:' }", 2, "models.ref.source", ["names nothing"] },
        { "random:llama-15m", "{ source: 'file:a', seed: 2 }", 2, "models.ref.seed", ["'seed'"] },
        { "random:llama-15m", "{ source: 'file:a', sha256: abc }", 2, "models.ref.sha256", ["64 hexadecimal digits"] },
        { "random:llama-15m", "{ sorce: 'file:a' , source: 'file:b' }", 2, "models.ref.sorce", ["Did you mean 'source'?"] },
        { "random:llama-15m", "{ source: 'random:', shape: { layers: 2, width: 65, heads: 4, kv_heads: 4, ffn: 1, vocabulary: 9 } }", 2, "models.ref.shape", ["width 65 with 4 heads"] },
        { "random:llama-15m", "{ source: 'random:', shape: { layers: 2, heads: 1, kv_heads: 1, ffn: 1, vocabulary: 1 } }", 2, "models.ref.shape", ["no 'width'"] },
        { "scenario: single-stream", "scenario: singel-stream", 6, "workloads.chat.scenario", ["Did you mean 'single-stream'?"] },
        { "scenario: single-stream", "task: single-stream", 6, "workloads.chat.task", ["'scenario: single-stream'"] },
        { "scenario: single-stream", "scenario: single-stream, task: perplexity", 6, "workloads.chat", ["both 'scenario' and 'task'"] },
        { "scenario: single-stream, ", "", 6, "workloads.chat", ["no 'scenario' and no 'task'"] },
        { "prompt: 128", "promt: 128", 6, "workloads.chat.promt", ["Did you mean 'prompt'?"] },
        { "prompt: 128", "prompt: -1", 6, "workloads.chat.prompt", ["'-1'", "from 0 to 1048576"] },
        { "prompt: 128", "prompt: \"128\"", 6, "workloads.chat.prompt", ["without quotes"] },
        { "prompt: 128", "prompt: 12.5", 6, "workloads.chat.prompt", ["'12.5'", "a whole number"] },
        { "prompt: 128", "prompt: 0x80", 6, "workloads.chat.prompt", ["'0x80'", "a whole number"] },
        { "prompt: 128", "prompt: 99999999999999999999999999999999", 6, "workloads.chat.prompt", ["a whole number"] },
        { "prompt: 128", "threads: [1, 0]", 6, "workloads.chat.threads[1]", ["'0'", "from 1 to 1024"] },
        { "prompt: 128", "tests: [xx]", 6, "workloads.chat", ["test 'xx'", "ppN or tgN"] },
        { "prompt: 128", "prompt: { a: 1 }", 6, "workloads.chat.prompt", ["a map", "a whole number"] },
        { "name: first-look", "name: first look", 1, "name", ["'first look'"] },
        { "name: first-look", "nmae: a\nname: a", 1, "nmae", ["unknown key 'nmae'", "Did you mean 'name'?"] },
        { "name: first-look\n", "", 1, null, ["no 'name'"] },
        { "name: first-look", "name: a\nname: b", 2, null, ["duplicate key 'name' (first on line 1)"] },
        { "name: first-look", "name: a\ndevices: [locla]", 2, "devices[0]", ["Did you mean 'local'?"] },
        { "name: first-look", "name: a\nmeasure: { sessions: 0 }", 2, "measure.sessions", ["'0'", "from 1 to 1000"] },
        { "name: first-look", "name: a\nmeasure: { min_duration: 2m }", 2, "measure", ["min_duration of 120s above max_duration of 60s"] },
        { "name: first-look", "name: a\nmeasure:", 2, "measure", ["no value"] },
        { "name: first-look", "name: a\nexclude: [{ recipe: int4 }]", 2, "exclude[0].recipe", ["'int4' matches no recipe", "fp16"] },
        { "name: first-look", "name: a\nexclude: [{ model: reff, reason: x }]", 2, "exclude[0].model", ["Did you mean 'ref'?"] },
        { "name: first-look", "name: a\nexclude: [{ reason: x }]", 2, "exclude[0]", ["a rule without a part"] },
        { "name: first-look", "name: a\nexclude: [{ recipe: 'fp*' }]", 2, "exclude", ["leave no cell: exclude[0] (recipe=fp*)"] },
        { "name: first-look", "name: a\ninclude: [{ model: ref, reason: x }]", 2, "include[0].reason", ["unknown key 'reason'"] },
        { "name: first-look", "name: !!binary aaaa", 1, null, ["tag"] },
        { "name: first-look", "name: *nowhere", 1, null, ["unknown alias 'nowhere'"] },
        { "name: first-look", "? [a, b]\n: 1\nname: a", 1, null, ["a key that is not plain text"] },
        { "name: first-look", "name: a\n<<: { devices: [local] }", 2, null, ["merge key"] },
        { "name: first-look", "name: a\ndescription: \"\\0\"", 2, "description", ["control character"] },
        { "name: first-look", "name: a\nx-y: &a [*a]", 2, null, ["inside of its own anchor"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_mistake_is_one_problem_with_its_place_and_remedy(string old, string replacement, int line, string? path, string[] words)
    {
        Assert.Contains(old, Minimal);
        Problem problem = Assert.Single(ProblemsOf(Minimal.Replace(old, replacement)));
        Assert.Equal("bench.yaml", problem.File);
        Assert.Equal(line, problem.Line);
        Assert.True(problem.Column >= 1);
        Assert.Equal(path, problem.Path);
        Assert.All(words, word => Assert.Contains(word, problem.ToString()));
    }

    [Theory]
    [InlineData("name: a\n\tmodels: b", 1, "tabs (line 2)")]
    [InlineData("models:\n\tref: x", 1, "tabs (line 2)")]
    [InlineData("a: [b\nc: d", 1, "closed")]
    [InlineData("name: a\nmodels: [a, b", 2, "closed")]
    [InlineData("name: \"a", 1, "quotation mark")]
    [InlineData("name: a: b", 1, "Quote text")]
    [InlineData("name: @a", 1, "Quote a value")]
    [InlineData("a:\n  - b\n c: d", 3, "indentation")]
    public void A_slip_of_syntax_names_its_line_and_the_usual_cause(string text, int line, string remedy)
    {
        Problem problem = Assert.Single(ProblemsOf(text));
        Assert.StartsWith("YAML syntax: ", problem.Offender);
        Assert.InRange(problem.Line!.Value, line, line + 1);
        Assert.Contains(remedy, problem.Remedy);
    }

    [Fact]
    public void All_problems_come_at_once_in_the_order_of_the_sections()
    {
        IReadOnlyList<Problem> problems = ProblemsOf("""
            nmae: x
            models: { a: what, 'b c': random:x }
            recipes: { int4: [ { ptq: { weights: q5, grup: 1 } }, foo ] }
            backends: [managed, nope]
            devices: [moon]
            workloads: { chat: { scenario: single-stream, threads: 0, promt: 1 } }
            measure: { sessions: many, min_duration: 3 }
            exclude: [ { workload: talk }, { model: x* , colour: red } ]
            """);
        Assert.Equal(
            ["nmae", null, "models.a", "models", "recipes.int4[0].ptq.grup", "recipes.int4[0].ptq.weights", "recipes.int4[1]", "backends[1]", "devices[0]",
                "workloads.chat.threads", "workloads.chat.promt", "measure.sessions", "measure.min_duration", "exclude[1].colour"],
            problems.Select(problem => problem.Path));
    }

    [Fact]
    public void A_missing_space_after_a_colon_is_pointed_out() =>
        Assert.Contains("space after the ':'", Assert.Single(ProblemsOf(Minimal.Replace("{ fp16: [] }", "fp16:[]"))).Remedy);

    [Fact]
    public void Hostile_names_cannot_drive_a_terminal()
    {
        IReadOnlyList<Problem> problems = ProblemsOf(Minimal + "\n\"\\e[31mred\": 1\n" + new string('k', 1000) + ": 1\n");
        Assert.All(problems, problem => Assert.DoesNotContain(problem.ToString(), char.IsControl));
        Assert.All(problems, problem => Assert.True(problem.Offender.Length < 200));
    }

    [Fact]
    public void Too_many_combinations_are_refused_before_they_are_made()
    {
        string list = $"[{string.Join(", ", Enumerable.Range(1, 1000))}]";
        Problem problem = Assert.Single(ProblemsOf(Minimal.Replace("prompt: 128, generate: 64", $"prompt: {list}, generate: {list}")));
        Assert.Contains("1,000,000 combinations", problem.Offender);
    }

    [Fact]
    public void Too_many_cells_are_refused()
    {
        string list = $"[{string.Join(", ", Enumerable.Range(1, 1001))}]";
        Problem problem = Assert.Single(ProblemsOf(Minimal.Replace("prompt: 128", $"prompt: {list}").Replace("[]", $"[{{ ptq: {{ group: [{string.Join(", ", Enumerable.Range(1, 1000))}] }} }}]")));
        Assert.Contains("1,001,000 cells", problem.Offender);
    }

    [Fact]
    public void Long_texts_that_vary_are_refused_as_names()
    {
        string text = Minimal.Replace("scenario: single-stream, prompt: 128, generate: 64", $"task: perplexity, data: [{new string('a', 300)}, b]");
        Assert.Contains("an expanded name of 311 characters", Assert.Single(ProblemsOf(text)).Offender);
    }

    [Fact]
    public void Long_names_are_not_compared_letter_by_letter()
    {
        string anchors = string.Concat(Enumerable.Range(0, 50).Select(i => $"x-{i}: &{new string('a', 40_000)}{i} 1\n"));
        Assert.Contains("unknown alias", Assert.Single(ProblemsOf(anchors + "x-z: *" + new string('b', 40_000) + "\n" + Minimal)).Offender);
    }

    [Fact]
    public void A_thousand_problems_are_listed_in_part_and_counted() =>
        Assert.Contains("900 further problems", ProblemsOf(Minimal + "\n" + string.Join('\n', Enumerable.Range(0, 1000).Select(i => $"k{i}: 1")))[^1].Offender);
}
