import java.io.FileInputStream;
import java.io.InputStream;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Rule;

/**
 * Judges files by veraPDF's profiles: {@code VeraJudge 3a,ua1 FILE...}.
 *
 * {@code VeraJudge --rules 3a} prints the profile's rules, a clause and the number of its test a line.
 *
 * One line a file and profile; under a failed one, each broken rule with how often and where it was broken first.
 * Exit 1 where a file fails, or cannot be read as a PDF.
 */
public final class VeraJudge {
    private VeraJudge() {}

    public static void main(String[] arguments) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        if (arguments[0].equals("--rules")) {
            printRules(arguments[1]);
            return;
        }
        boolean allPass = true;
        for (int i = 1; i < arguments.length; i++) {
            for (String profile : arguments[0].split(",")) {
                allPass &= judge(arguments[i], profile);
            }
        }
        System.exit(allPass ? 0 : 1);
    }

    private static void printRules(String profile) {
        PDFAFlavour flavour = PDFAFlavour.fromString(profile);
        for (Rule rule : Profiles.getVeraProfileDirectory().getValidationProfileByFlavour(flavour).getRules()) {
            System.out.println(rule.getRuleId().getClause() + " " + rule.getRuleId().getTestNumber());
        }
    }

    private static boolean judge(String file, String profile) {
        String subject = " veraPDF-" + profile + " " + file;
        PDFAFlavour flavour = PDFAFlavour.fromString(profile);
        try (InputStream bytes = new FileInputStream(file);
                PDFAParser parser = Foundries.defaultInstance().createParser(bytes, flavour);
                PDFAValidator validator = Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            System.out.println((result.isCompliant() ? "PASS" : "FAIL") + subject);
            if (!result.isCompliant()) {
                printBrokenRules(result);
            }
            return result.isCompliant();
        } catch (Exception error) {
            System.out.println("FAIL" + subject);
            System.out.println("   " + error);
            return false;
        }
    }

    private static void printBrokenRules(ValidationResult result) {
        Map<String, Integer> times = new TreeMap<>();
        Map<String, String> firstPlace = new TreeMap<>();
        for (TestAssertion assertion : result.getTestAssertions()) {
            if (assertion.getStatus() != TestAssertion.Status.FAILED) {
                continue;
            }
            String rule = "clause " + assertion.getRuleId().getClause() + ", test "
                    + assertion.getRuleId().getTestNumber() + ": " + assertion.getMessage();
            times.merge(rule, 1, Integer::sum);
            firstPlace.putIfAbsent(rule, assertion.getLocation().getContext());
        }
        times.forEach((rule, count) ->
                System.out.println("   " + rule + " (" + count + " times, first at " + firstPlace.get(rule) + ")"));
    }
}
