from django.db import migrations

KEEP = """
-- A version that was published never changes, nor do its sections and questions.
CREATE FUNCTION quality_check_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'draft' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND (NEW.state = OLD.state OR (OLD.state, NEW.state) = ('published', 'retired'))
        AND (NEW.published_by_id IS NULL OR NEW.published_by_id = OLD.published_by_id)
        AND (NEW.card_id, NEW.number, NEW.channel, NEW.language, NEW.answered_by, NEW.fewest_words,
            NEW.published_at) = (OLD.card_id, OLD.number, OLD.channel, OLD.language, OLD.answered_by,
            OLD.fewest_words, OLD.published_at)
        AND NEW.inbox_id IS NOT DISTINCT FROM OLD.inbox_id
    THEN RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a published version of a card never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER published_cards_never_change BEFORE UPDATE OR DELETE ON quality_cardversion
FOR EACH ROW EXECUTE FUNCTION quality_check_version();

CREATE FUNCTION quality_check_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE held text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT state INTO held FROM quality_cardversion WHERE id = OLD.version_id;
        IF held <> 'draft' THEN
            RAISE EXCEPTION 'a published version of a card never changes' USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    SELECT state INTO held FROM quality_cardversion WHERE id = NEW.version_id;
    IF held <> 'draft' THEN
        RAISE EXCEPTION 'a published version of a card never changes' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER published_sections_never_change BEFORE INSERT OR UPDATE OR DELETE ON quality_cardsection
FOR EACH ROW EXECUTE FUNCTION quality_check_part();
CREATE TRIGGER published_questions_never_change BEFORE INSERT OR UPDATE OR DELETE ON quality_cardquestion
FOR EACH ROW EXECUTE FUNCTION quality_check_part();

-- A condition is about an earlier question of the same version, which is of no kind but yes/no or a scale.
CREATE FUNCTION quality_check_condition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM quality_cardsection s WHERE s.id = NEW.section_id AND s.version_id = NEW.version_id
    ) THEN
        RAISE EXCEPTION 'a question is in a section of its own version' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.asked_if_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM quality_cardquestion q
        JOIN quality_cardsection theirs ON theirs.id = q.section_id
        JOIN quality_cardsection mine ON mine.id = NEW.section_id
        WHERE q.id = NEW.asked_if_id AND q.version_id = NEW.version_id AND q.kind <> 'text'
        AND (theirs.position, q.position) < (mine.position, NEW.position)
    ) THEN
        RAISE EXCEPTION 'a condition is about an earlier question of the same version'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER conditions_look_back BEFORE INSERT OR UPDATE ON quality_cardquestion
FOR EACH ROW EXECUTE FUNCTION quality_check_condition();

-- An answer is to a question of its score's version, and one that the question allows.
CREATE FUNCTION quality_check_answer() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE kind text; highest int; may_not boolean;
BEGIN
    SELECT q.kind, q.highest, q.may_not_apply INTO kind, highest, may_not
    FROM quality_cardquestion q JOIN quality_score s ON s.version_id = q.version_id
    WHERE q.id = NEW.question_id AND s.id = NEW.score_id;
    IF kind IS NULL THEN
        RAISE EXCEPTION 'an answer is to a question of its own card' USING ERRCODE = 'check_violation';
    END IF;
    IF (kind = 'yes_no' AND NEW.value > 1) OR (kind = 'scale' AND NOT NEW.value BETWEEN 1 AND highest)
        OR (kind = 'text' AND NEW.value IS NOT NULL)
    THEN
        RAISE EXCEPTION 'an answer is one that its question allows' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answers_fit_their_questions BEFORE INSERT OR UPDATE ON quality_answer
FOR EACH ROW EXECUTE FUNCTION quality_check_answer();

-- What was corrected stays on record; who did it may be forgotten.
CREATE FUNCTION quality_check_correction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.by_id IS NULL AND (NEW.answer_id, NEW.reason, NEW.at) = (OLD.answer_id, OLD.reason, OLD.at)
        AND (NEW.before, NEW.after) IS NOT DISTINCT FROM (OLD.before, OLD.after)
    THEN RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a correction never changes' USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER corrections_never_change BEFORE UPDATE ON quality_correction
FOR EACH ROW EXECUTE FUNCTION quality_check_correction();
"""
KEEP_NOTHING = """
DROP TRIGGER published_cards_never_change ON quality_cardversion;
DROP TRIGGER published_sections_never_change ON quality_cardsection;
DROP TRIGGER published_questions_never_change ON quality_cardquestion;
DROP TRIGGER conditions_look_back ON quality_cardquestion;
DROP TRIGGER answers_fit_their_questions ON quality_answer;
DROP TRIGGER corrections_never_change ON quality_correction;
DROP FUNCTION quality_check_version();
DROP FUNCTION quality_check_part();
DROP FUNCTION quality_check_condition();
DROP FUNCTION quality_check_answer();
DROP FUNCTION quality_check_correction();
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial")]
    operations = [migrations.RunSQL(KEEP, KEEP_NOTHING)]
