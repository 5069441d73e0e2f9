using EdgeBench.Compression.Passes;
using EdgeBench.Core.Artifacts;
using EdgeBench.Core.Configuration;
using EdgeBench.Core.Problems;
using EdgeBench.Models.Gguf;

namespace EdgeBench.Compression.Artifacts;

/// <summary>Runs a recipe's passes one after the other, each from file to file, and reads back what the final file shows of each.</summary>
internal static class PassChain
{
    /// <summary>Writes <paramref name="outputPath"/>, and beside it the adapter that a pass leaves apart; intermediate files lie beside it and are deleted as soon as the next pass has read them.</summary>
    public static IReadOnlyList<PassReadback> Run(string checkpoint, RecipeSpec recipe, string outputPath, PassContext context)
    {
        string adapter = AdapterPart.PathBeside(outputPath);
        context = context with { AdapterPath = adapter };
        List<(IPass Pass, PassSpec Spec, PassReadback AtItsEnd)> done = [];
        string current = checkpoint;
        for (int i = 0; i < recipe.Passes.Count; i++)
        {
            PassSpec spec = recipe.Passes[i];
            IPass pass = PassRegistry.Find(spec.Pass);
            if (pass.ChangesTensors && File.Exists(adapter))
                throw EdgeBenchException.BadInput($"pass '{pass.Name}' after one that leaves an adapter apart", "passes that change the model before it", "An adapter belongs to the very weights that it was trained on: put it last, or merge it.");
            context.Progress?.Report($"{recipe.Name}: {pass.Name} {pass.Asked(spec.Parameters)}");
            string next = i == recipe.Passes.Count - 1 ? outputPath : $"{outputPath}.after-{i}.gguf";
            using (GgufFile input = GgufFile.Open(current))
            {
                PassReport report = pass.Apply(input, next, spec.Parameters, context);
                using GgufFile output = GgufFile.Open(next);
                done.Add((pass, spec, pass.ReadBack(input, output, spec.Parameters) with { Tensors = report.Tensors, Facts = report.Facts }));
            }
            if (current != checkpoint) File.Delete(current);
            current = next;
        }
        using GgufFile original = GgufFile.Open(checkpoint);
        using GgufFile final = GgufFile.Open(outputPath);
        return [.. done.Select(step => Worse(step.AtItsEnd, step.Pass.ReadBack(original, final, step.Spec.Parameters)))];
    }

    // What a pass did and a later one undid is not in the artifact.
    private static PassReadback Worse(PassReadback atItsEnd, PassReadback final) => final with
    {
        Applied = (Applied)Math.Max((int)atItsEnd.Applied, (int)final.Applied),
        Tensors = atItsEnd.Tensors,
        Facts = atItsEnd.Facts,
        Found = final.Found == atItsEnd.Found ? final.Found : $"{final.Found} (before later passes: {atItsEnd.Found})",
    };
}
